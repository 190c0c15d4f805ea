//! The boards of the other editions, on the device: what closed editions said does not change any more, so they are
//! brought along once and looked at again by their cursors.

use super::context::Client;
use super::http::{self, Failure};
use super::replica;
use domain::board::events::EventsPage;
use domain::board::{Applied, Board};
use domain::id::{EditionId, PersonId};

/// The board of an edition as the device has it.
pub async fn kept(client: Client, person: PersonId, edition: EditionId) -> Option<Board> {
    replica::read(&client.journal(), person, edition).await.ok().flatten()
}

/// The board of an edition as the server has it; kept on the device.
///
/// # Errors
/// When the server cannot be asked.
pub async fn refreshed(
    client: Client,
    person: PersonId,
    kept: Option<Board>,
    edition: EditionId,
) -> Result<Board, Failure> {
    let Some(mut board) = kept else { return whole(client, person, edition).await };
    loop {
        let page: EventsPage = http::get(&format!("/api/board/{edition}/events?{}", board.after())).await?;
        if page.instance != board.instance || page.cursor < board.cursor {
            return whole(client, person, edition).await;
        }
        let from = board.cursor;
        let applied: Vec<Applied> = page.events.iter().map(|event| board.apply(event)).collect();
        board.advance(page.cursor, board.as_of, page.mark);
        // A device that cannot keep it shows it all the same.
        let changes = replica::changes(person, &board, from, &applied);
        let _ = replica::keep(&client.journal(), person, changes, || Some(board.clone())).await;
        if !page.more {
            return Ok(board);
        }
    }
}

async fn whole(client: Client, person: PersonId, edition: EditionId) -> Result<Board, Failure> {
    let board: Board = http::get(&format!("/api/board/{edition}")).await?;
    // A device that cannot keep it shows it all the same.
    let _ = replica::replace(&client.journal(), person, &board).await;
    Ok(board)
}
