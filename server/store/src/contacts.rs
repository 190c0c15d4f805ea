//! Reading whom to call about the reports that are submitted.

use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::rows;
use domain::board::contacts::{Contacts, MemberContact};
use domain::id::{EditionId, ReportId};
use domain::report::submitted::SubmittedContact;
use serde::Deserialize;

#[derive(Deserialize)]
struct ContactRow {
    report: ReportId,
    contact: SubmittedContact,
}

impl Store {
    /// The contact persons of an edition's submitted reports, as they were submitted; drafts are not looked at.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn contacts(&self, edition: EditionId) -> Result<Contacts, StoreError> {
        self.follow().await?;
        self.tables.reach().await?;
        // A report's id begins with its edition's. There are as many rows as reports ever submitted: a few hundred.
        let query = "SELECT record::id(id) AS report, contact FROM submitted
            WHERE string::starts_with(record::id(id), $prefix)";
        let mut response = self.db.query(query).bind(("prefix", format!("{edition}."))).await?;
        let contact = |ContactRow { report, contact }: ContactRow| MemberContact { member: report.member, contact };
        let contacts = rows::<ContactRow>(&mut response, 0)?.into_iter().map(contact).collect();
        Ok(Contacts { edition, contacts })
    }
}
