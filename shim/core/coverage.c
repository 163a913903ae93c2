/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only in a build for gcov: what is counted. libgcov would write a file for each
 * source whenever a program ends by exit(3), and would spoil one where the program is
 * killed meanwhile. Here all processes count in one file that they have mapped, each
 * kind of object in its own (COVERAGE_COUNTERS), so that nothing need be done at an
 * end, an exec or a death. Who has PRIVTMP_GCOV in its environment writes what gcov
 * reads; see tests/coverage.
 */
#include "core/sys.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define NOT_COUNTED __attribute__((no_profile_instrument_function))

/* The counters, and nothing else in these pages: coverage.ld. */
extern uint64_t coverage_begin[], coverage_end[];

void __real___gcov_exit(void);
void __wrap___gcov_exit(void);

/* The linker puts it in the place of __gcov_exit, which each object calls. */
NOT_COUNTED void __wrap___gcov_exit(void)
{
	if (getenv("PRIVTMP_GCOV"))
		__real___gcov_exit();
}

/* Of the constructors the first but for those that tell libgcov of an object. */
NOT_COUNTED __attribute__((constructor(101))) static void share(void)
{
	/* Two names of one array, made by the linker. */
	/* cppcheck-suppress comparePointers */
	size_t n = (size_t)(coverage_end - coverage_begin);
	int fd = sys_openat(AT_FDCWD, COVERAGE_COUNTERS, O_RDWR | O_CLOEXEC, 0);
	uint64_t *all;

	if (fd < 0)
		return;
	all = mmap(NULL, n * sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (all != MAP_FAILED) {
		/* What was counted before. */
		for (size_t i = 0; i < n; i++)
			if (coverage_begin[i])
				__atomic_fetch_add(all + i, coverage_begin[i],
						   __ATOMIC_RELAXED);
		mremap(all, n * sizeof *all, n * sizeof *all,
		       MREMAP_MAYMOVE | MREMAP_FIXED, coverage_begin);
	}
	sys_close(fd);
}
