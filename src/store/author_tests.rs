//! Who wrote, whatever came first: mails, folders, records, the team.
