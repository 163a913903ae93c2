/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far a long removal is; see progress.h. */
#include "progress.h"
#include "crew.h"
#include "show.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATIENCE = 2000 /* milliseconds */ };

static struct {
	bool begun, shown;
	int fd;
	long start;
	unsigned long long free; /* inodes at the start; 0: not counted */
} progress;

static unsigned long long free_inodes(void)
{
	struct statvfs fs;

	return progress.fd >= 0 && fstatvfs(progress.fd, &fs) == 0 ? fs.f_ffree : 0;
}

void progress_begin(int fd)
{
	if (progress.begun || !isatty(2))
		return;
	progress.begun = true;
	progress.fd = fd;
	progress.start = crew_now();
	progress.free = free_inodes();
}

/* Another's terminal, as in the background, is left alone. */
static bool is_ours(void)
{
	return tcgetpgrp(2) == getpgrp();
}

void progress_show(const char *what)
{
	const long time = crew_now() - progress.start;
	unsigned long long now;
	char shown[300];

	if (!progress.begun || time < PATIENCE || !is_ours())
		return;
	progress.shown = true;
	fprintf(stderr, "\rprivtmp: %s: %ld s", show_text(what, shown, sizeof shown),
		time / 1000);
	now = free_inodes();
	/* Others make and remove files there, too. */
	if (progress.free && now > progress.free)
		fprintf(stderr, ", about %llu files are gone", now - progress.free);
	fputs("\033[K", stderr);
}

void progress_clear(void)
{
	if (progress.shown && is_ours())
		fputs("\r\033[K", stderr);
	progress.shown = false;
}

void progress_end(void)
{
	progress_clear();
	memset(&progress, 0, sizeof progress);
}
