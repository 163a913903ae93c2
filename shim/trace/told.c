/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths in the arguments and environments of executed programs; see point.h. */
#define _GNU_SOURCE
#include "core/libc.h"
#include "core/sys.h"
#include "policy/settings.h"
#include "policy/text.h"
#include "trace/point.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Hashes of the variables with watched paths that this process itself has got. */
enum { GIVEN = 64 };
static uint64_t given[GIVEN];
static unsigned givens;

/* Characters that end a path in a text. */
static const char ends[] = " \t\n:;,'\"<>|&()=";

/* The next path in TEXT that begins with a watched directory; *LEN is its length. */
static const char *next_name(const char *text, size_t *len)
{
	bool starts = true;

	for (; *text; text++) {
		if (*text == '/' && starts) {
			*len = text_until(text, ends);
			for (uint32_t i = 0; i < pt_trace->watched && i < TRACE_WATCHED;
			     i++) {
				const char *in = text_after(text, pt_trace->watch[i]);

				if (in && in[0] == '/' && in[1] && in < text + *len - 1)
					return text;
			}
		}
		starts = strchr(ends, *text) != NULL;
	}
	return NULL;
}

void point_start(char *const *envp)
{
	size_t len;

	for (; pt_trace && envp && *envp; envp++)
		if (next_name(*envp, &len) && givens < GIVEN)
			given[givens++] = trace_hash(0, *envp, strlen(*envp));
}

static bool was_given(const char *text)
{
	const uint64_t hash = trace_hash(0, text, strlen(text));

	for (unsigned i = 0; i < givens; i++)
		if (given[i] == hash)
			return true;
	return false;
}

void point_search(uint32_t call, uintptr_t site, const char *file)
{
	const char *list = environment_value(libc_environ, "PATH");

	if (!pt_trace || !list || !file || view_length(file) <= 0 || strchr(file, '/'))
		return;
	for (; *list; list += *list == ':') {
		const size_t n = text_until(list, ":"), len = strlen(file);
		char path[WATCH_PATH];
		struct point p;

		if (n && n + len + 2 < sizeof path) {
			memcpy(path, list, n);
			path[n] = '/';
			memcpy(path + n + 1, file, len + 1);
			if (point_begin(&p, call, site, AT_FDCWD, path))
				point_before(&p);
			if (sys_access(path, X_OK) == 0)
				return;
		}
		list += n;
	}
}

void point_told(uint32_t call, uintptr_t site, const char *text, bool variable)
{
	const char *at = text;
	size_t len;

	if (!pt_trace || (variable && was_given(text)))
		return;
	while ((at = next_name(at, &len))) {
		char name[WATCH_PATH];
		struct point p;

		if (len < sizeof name) {
			memcpy(name, at, len);
			name[len] = '\0';
			if (point_begin(&p, call, site, AT_FDCWD, name)) {
				const int saved = errno;

				p.flags |= variable ? TRACE_VARIABLE_TOLD : TRACE_TOLD;
				errno = 0;
				point_end(&p, false, 0, false);
				errno = saved;
			}
		}
		at += len;
	}
}
