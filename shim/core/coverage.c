/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The counters of a build for gcov. libgcov writes one file per source at exit(3), and
 * a program that is killed meanwhile leaves a broken one. Here all processes map one
 * file of counters for each kind of object (COVERAGE_COUNTERS), so nothing has to be
 * done at exit, exec or death. A process with PRIVTMP_GCOV in its environment writes
 * the files that gcov reads, and does nothing else; see tests/coverage.
 */
#include "core/sys.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOT_COUNTED __attribute__((no_profile_instrument_function))

/* The counters. Their pages hold nothing else: coverage.ld. */
extern uint64_t coverage_begin[], coverage_end[];

void __real___gcov_exit(void);
void __wrap___gcov_exit(void);

/* The linker replaces __gcov_exit, which each object calls, by this. */
NOT_COUNTED void __wrap___gcov_exit(void)
{
}

/* Runs before all constructors but those that register objects with libgcov. */
NOT_COUNTED __attribute__((constructor(101))) static void share(void)
{
	/* Two symbols of one array, set by the linker. */
	/* cppcheck-suppress comparePointers */
	size_t n = (size_t)(coverage_end - coverage_begin);
	int fd = sys_openat(AT_FDCWD, COVERAGE_COUNTERS, O_RDWR | O_CLOEXEC, 0);
	uint64_t *all;

	if (fd < 0)
		return;
	all = mmap(NULL, n * sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (all != MAP_FAILED) {
		/* Counts from before the mapping. */
		for (size_t i = 0; i < n; i++)
			if (coverage_begin[i])
				__atomic_fetch_add(all + i, coverage_begin[i],
						   __ATOMIC_RELAXED);
		mremap(all, n * sizeof *all, n * sizeof *all,
		       MREMAP_MAYMOVE | MREMAP_FIXED, coverage_begin);
	}
	sys_close(fd);
	if (getenv("PRIVTMP_GCOV")) {
		__real___gcov_exit();
		_exit(0);
	}
}
