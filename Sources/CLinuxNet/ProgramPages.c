#define _GNU_SOURCE
#include "CLinuxNet.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

static int release(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index += 1) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        // What is writable was relocated and holds data, also where it is read-only by now (PT_GNU_RELRO lies inside).
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t start = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_memsz + page - 1) & ~(page - 1);
        if (start == getauxval(AT_SYSINFO_EHDR)) continue; // the kernel's own object has no file
        if (madvise((void *)start, end - start, MADV_DONTNEED) == 0) *(uint64_t *)context += end - start;
    }
    return 0;
}

uint64_t clinuxnet_release_program_pages(void) {
    uint64_t bytes = 0;
    malloc_trim(0);
    dl_iterate_phdr(release, &bytes);
    return bytes;
}
