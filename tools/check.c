/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp check: whether the shim sees all that files do. checker.c does the work. */
#include "core/report.h"
#include "preload.h"
#include "tool.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_LIBELF
/* Executes it; returns when that failed. */
static void execute(const struct options *options, struct shim *shim, int argc,
		    char **argv)
{
	char checker[PATH_MAX];
	char **words = calloc((size_t)argc + 6, sizeof *words);

	shim_program(shim, "checker", checker);
	if (!words || !checker[0]) {
		report("checker", "is not there", ENOENT, "install privtmp again");
		return;
	}
	words[0] = checker;
	words[1] = (char *)options->format;
	words[2] = (char *)(options->verbose ? "all" : "some");
	words[3] = shim->path;
	words[4] = shim->other;
	memcpy(words + 5, argv, (size_t)argc * sizeof *words);
	execv(checker, words);
	report(checker, "cannot be executed", errno, "install privtmp again");
}
#endif

int tool_check(const struct options *options, int argc, char **argv)
{
	if (argc < 1) {
		report("check", "no file given", 0, "see privtmp check --help");
		return STATUS_USAGE;
	}
#ifdef HAVE_LIBELF
	static struct shim shim;

	if (shim_find(&shim) == 0)
		execute(options, &shim, argc, argv);
#else
	(void)options;
	(void)argv;
	report("check", "this privtmp was built without libelf", 0,
	       "build it where libelf and its headers are installed");
#endif
	return STATUS_USAGE;
}
