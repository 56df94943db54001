#pragma once

/// The commit that this build was made of, or "unknown"; given by the manifest from NLDNS_COMMIT.
const char *cbuildinfo_commit(void);
