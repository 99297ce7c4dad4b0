//! The central server: it enrols the workstations, takes in their audit entries, holds directory and group keys.
