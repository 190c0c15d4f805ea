//! Signing in to a database server, and staying signed in.

use crate::support::{Council, Database, Kind, add, new_item, seq, text, user_of};
use domain::sync::wire::Seq;
use std::time::Duration;
use store::{Credentials, Level, Options, Store, StoreError};

async fn refused(database: &Database, credentials: Option<Credentials>) -> StoreError {
    let options = Options { credentials, ..Options::default() };
    Store::open_with(&database.url, &options).await.expect_err("nobody is let in")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_the_user_is_told_so_and_no_password_is_shown() {
    let database = Database::empty(Kind::Server).await;
    let right = user_of(Level::Database);
    let wrong = Credentials { password: "a wrong guess".to_owned().into(), ..right.clone() };
    let unheard_of = Credentials { user: "nobody".to_owned(), ..right.clone() };
    let elsewhere = Credentials { level: Level::Root, ..right };
    for credentials in [wrong, unheard_of, elsewhere] {
        let error = refused(&database, Some(credentials.clone())).await;
        let StoreError::SignIn { level, user, .. } = &error else { panic!("{error:?}") };
        assert_eq!((*level, user), (credentials.level, &credentials.user));
        let said = format!("{error} {error:?} {credentials:?}");
        assert!(!said.contains("guess") && !said.contains("own password"), "{said}");
        assert!(error.to_string().contains(&format!("{:?}", credentials.user)), "{error}");
    }
    let error = refused(&database, None).await;
    assert!(matches!(error, StoreError::SignedOut), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_servers_own_user_may_too() {
    let mut database = Database::empty(Kind::Server).await;
    database.options.credentials = Some(user_of(Level::Root));
    database.open().await.expect("a store").ping().await.expect("it answers");
}

#[tokio::test]
async fn an_embedded_database_has_no_users() {
    let mut database = Database::empty(Kind::Memory).await;
    database.options.credentials = Some(user_of(Level::Database));
    assert!(matches!(database.open().await, Err(StoreError::NoUsers)));
}

/// Asks until the server is there again.
async fn at_last(council: &Council) -> Seq {
    for _ in 0..100 {
        match tokio::time::timeout(Duration::from_secs(5), council.store.head()).await {
            Ok(Ok(head)) => return head,
            Ok(Err(_)) | Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    panic!("the store did not come back to its server");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_comes_back_signed_in_to_a_server_that_was_killed() {
    let mut council = Council::on(Database::with_demo(Kind::Server).await).await;
    let item = new_item();
    council.take(add(item)).await;
    for round in 1..=2 {
        let rev = council.rev(item, |item| item.text.rev).await;
        let before = seq(&council.take(text(item, rev, &format!("before {round}"))).await);
        council.database.server.as_mut().expect("a server").restart().await;
        assert_eq!(at_last(&council).await, before, "what was acknowledged is there");
        let after = seq(&council.take(text(item, before, &format!("after {round}"))).await);
        assert_eq!(after, before + 1);
        council.store.ping().await.expect("it answers");
    }
}
