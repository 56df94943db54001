// Counts heap allocations of the program it is preloaded into, and prints when that ends how many there were, and how
// many of them the threads made whose names begin with "load-": the generator's lanes.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
static _Atomic unsigned long all, lanes;

static void count(void) {
    char name[16];
    all++;
    // The name is asked for each time, as a thread gets it after its first allocations.
    if (prctl(PR_GET_NAME, name) == 0 && !strncmp(name, "load-", 5)) lanes++;
}

void *malloc(size_t size) { count(); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { count(); return __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { count(); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { count(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { count(); return __libc_memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
    count();
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : 12;
}

__attribute__((destructor)) static void report(void) { fprintf(stderr, "allocations %lu lanes %lu\n", all, lanes); }
