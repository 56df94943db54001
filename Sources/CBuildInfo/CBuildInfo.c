#include "CBuildInfo.h"

const char *cbuildinfo_commit(void) { return NLDNS_COMMIT; }
