//! Reading FHIR R4 JSON: names, dates, codings, quantities, references. Everything here is total: bad input gives a reason, never a panic.
