//! The contract of the store: what holds on every kind of database. Each case is a function of its module that takes
//! an open council; here it becomes a test on each kind.

/// What holds on all of them.
macro_rules! everywhere {
    ($kind:ident) => {
        cases! {
            $kind;
            push: the_same_operation_gets_the_same_answer_and_is_done_once, the_same_id_with_other_content_is_refused,
                a_stale_text_is_answered_with_base_and_both_and_kept, only_the_members_own_people_write,
                an_item_of_another_report_cannot_be_taken_over, an_item_that_several_add_at_once_is_in_one_report,
                a_closed_or_unheard_of_edition_takes_nothing,
                a_submission_has_a_receipt_and_shows_on_the_board, many_people_at_once_leave_no_hole_and_no_double,
                control_characters_and_endless_texts_are_refused_whole;
            events: a_replica_fed_from_the_log_is_the_board,
                the_log_says_nothing_of_drafts_and_nothing_of_other_editions,
                a_cursor_ahead_of_the_log_comes_back_to_it;
            search: accents_stems_and_both_languages, a_title_counts_more_and_what_was_looked_for_is_marked,
                what_is_withdrawn_amended_or_deleted_is_found_no_more, an_edition_is_searched_alone_or_all_of_them,
                a_word_of_very_many_cards_is_found_in_titles_first_and_says_that_there_are_more;
            projection: an_edition_that_nobody_presented_shows_nothing_chosen,
                of_many_who_saw_the_same_one_is_followed, a_free_place_is_taken_by_one,
                those_who_may_present_are_named;
            amendments: they_are_what_was_submitted_and_never_a_draft, what_was_taken_back_is_not_shown_again,
                they_are_bounded;
            history: a_text_that_is_said_again_hides_no_other;
            compact: a_device_that_was_away_still_gets_its_base_and_the_rest_is_bounded;
            concurrent: readers_are_never_refused_while_somebody_writes,
                requests_at_once_may_put_off_the_end_of_one_session;
            sessions: a_session_that_ended_is_not_found_whoever_read_it_meanwhile,
                a_session_ends_though_its_client_leaves_meanwhile,
                a_session_is_as_it_was_saved_last_and_ends_by_its_date, a_session_that_ended_does_not_come_back,
                a_session_ends_a_month_after_it_began, a_person_has_sessions_and_ends_them;
            demo: it_is_a_whole_council_and_loads_only_once, its_people_sign_in_and_nobody_else_does;
            backup: what_is_restored_is_what_was_acknowledged;
        }
    };
}

/// What holds where a database outlives the store.
macro_rules! reopened {
    ($kind:ident) => {
        cases! {
            $kind;
            durability: an_acknowledged_text_is_there_after_a_reopen,
                what_was_done_before_a_reopen_is_not_done_again;
            projection: a_projection_is_there_after_a_reopen_and_moves_nothing_of_the_sequence;
        }
    };
}

macro_rules! cases {
    ($kind:ident; $($noun:ident: $($case:ident),+;)+) => {
        $(mod $noun {
            use crate::support::{Council, Database, Kind};

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::$noun::$case(Council::on(Database::with_demo(Kind::$kind).await).await).await;
            })+
        })+
    };
}

mod memory {
    mod open {
        everywhere!(Memory);
    }
}

mod disk {
    mod open {
        everywhere!(Disk);
    }
    mod reopened {
        reopened!(Disk);
    }
}

mod server {
    mod open {
        everywhere!(Server);
    }
    mod reopened {
        reopened!(Server);
    }
}
