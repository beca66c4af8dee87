s#[^ ]*/practice-company#practice-company#
