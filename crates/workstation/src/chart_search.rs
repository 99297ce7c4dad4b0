//! Searching one chart from wherever one is: "last potassium".
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use serde_json::json;
use vigil_model::Section;
use vigil_policy::{Interaction, sections_of};

use crate::chart;
use crate::chart_read::{must_exist, patient_id, projected, records, subject};
use crate::names::SharedNames;
use crate::view::{ChartSearchRequest, ChartSearchView};
use crate::{AppError, Workstation};

/// How many are shown: more than one looks through while typing.
const SHOWN: usize = 8;

impl Workstation {
    /// What of a chart matches what was typed, among the sections that the user's role reads. The first page of a chart shows the same
    /// kinds of records; whoever may not read it does not search either.
    ///
    /// # Errors
    /// As [`Self::section_read`].
    pub fn chart_search(&self, request: ChartSearchRequest) -> Result<ChartSearchView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let house = self.house()?.ranges();
        self.act(Interaction::SectionRead(Section::Summary), Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            let (records, mut unread) = records(tx.resources(&patient, Section::Summary.resource_types())?);
            let mut records = self.withheld(present, records, &mut unread);
            projected(present, &mut records);
            let (mut hits, undecodable) =
                chart::search(&records, &subject(tx, &patient)?.of_house(house), &SharedNames::new(tx), &request.text);
            unread.extend(undecodable);
            let sections = sections_of(present.role);
            hits.retain(|hit| sections.contains(&hit.section));
            let total = u32::try_from(hits.len()).unwrap_or(u32::MAX);
            tx.detail(json!({ "query": request.text, "total": total }));
            hits.truncate(SHOWN);
            Ok(ChartSearchView { hits, total, unread: u32::try_from(unread.len()).unwrap_or(u32::MAX) })
        })
    }
}
