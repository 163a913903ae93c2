/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows a bar; see bar.h. */
#include "bar.h"
#include "show.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 20, OFTEN = 100 /* milliseconds */ };

static bool shown;

static unsigned columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col :
									     80;
}

/* Whether it is time again. */
static bool is_due(void)
{
	static long last;
	struct timespec now;
	long milliseconds;

	clock_gettime(CLOCK_MONOTONIC, &now);
	milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (last && milliseconds - last < OFTEN)
		return false;
	last = milliseconds;
	return true;
}

void bar_show(size_t done, size_t total, const char *name)
{
	static int terminal = -1;
	char bar[BAR + 1], text[256], line[512];
	const unsigned width = columns();
	size_t full = total ? done * BAR / total : 0;

	if (terminal < 0)
		terminal = isatty(STDERR_FILENO);
	if (!terminal || !is_due())
		return;
	memset(bar, '.', BAR);
	memset(bar, '#', full < BAR ? full : BAR);
	bar[BAR] = '\0';
	snprintf(line, sizeof line, "[%s] %zu/%zu %s", bar, done, total,
		 show_text(name, text, sizeof text));
	fprintf(stderr, "\r%.*s\033[K", (int)(width > 1 ? width - 1 : 1), line);
	fflush(stderr);
	shown = true;
}

void bar_clear(void)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
