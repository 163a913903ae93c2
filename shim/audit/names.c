/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that libc makes: recorded after the call, with the number of random characters. */
#define _GNU_SOURCE
#include "audit/outer.h"

/* The number of X in a template before its SUFFIX bytes. */
static unsigned count_x(const char *template, int suffix)
{
	size_t len = template ? strlen(template) : 0, xs = 0;

	if (suffix < 0 || len < (size_t)suffix)
		return 0;
	len -= (size_t)suffix;
	while (xs < len && template[len - 1 - xs] == 'X')
		xs++;
	return (unsigned)xs;
}

/* MADE: the call's result. The template already contains the name. */
static void made(uint32_t call, uintptr_t site, const char *name, unsigned xs,
		 bool failed, long result, bool fd)
{
	struct point p;

	if (!pt_trace || !point_begin(&p, call, site, AT_FDCWD, name))
		return;
	p.flags |= TRACE_TEMPLATE;
	p.a = xs;
	/* It was free, or the call has failed. */
	memset(&p.spot.object, 0, sizeof p.spot.object);
	p.spot.object.type = failed ? TRACE_UNKNOWN : TRACE_ABSENT;
	point_end(&p, failed, result, fd);
}

#define FILES(name, parameters, arguments, suffix) \
	int pt_##name parameters WRAP_INNER(#name); \
	int au_##name parameters WRAP_SYMBOL(#name); \
	int au_##name parameters \
	{ \
		unsigned xs = likely(!pt_trace) ? 0 : count_x(template, suffix); \
		int fd = pt_##name arguments; \
		made(CALL_##name, POINT_SITE, template, xs, fd < 0, fd, true); \
		return fd; \
	}

FILES(mkstemp, (char *template), (template), 0)
FILES(mkstemp64, (char *template), (template), 0)
FILES(mkostemp, (char *template, int flags), (template, flags), 0)
FILES(mkostemp64, (char *template, int flags), (template, flags), 0)
FILES(mkstemps, (char *template, int suffix), (template, suffix), suffix)
FILES(mkstemps64, (char *template, int suffix), (template, suffix), suffix)
FILES(mkostemps, (char *template, int suffix, int flags), (template, suffix, flags),
      suffix)
FILES(mkostemps64, (char *template, int suffix, int flags), (template, suffix, flags),
      suffix)

OUTER(char *, mkdtemp, char *template);

char *au_mkdtemp(char *template)
{
	unsigned xs = likely(!pt_trace) ? 0 : count_x(template, 0);
	char *name = pt_mkdtemp(template);

	made(CALL_mkdtemp, POINT_SITE, template, xs, !name, 0, false);
	return name;
}

/* A failed mktemp leaves an empty string. */
#define MKTEMP_OUTER(name) \
	OUTER(char *, name, char *template); \
	char *au_##name(char *template) \
	{ \
		unsigned xs = likely(!pt_trace) ? 0 : count_x(template, 0); \
		char *made_name = pt_##name(template); \
		made(CALL_##name, POINT_SITE, made_name, xs, false, 0, false); \
		return made_name; \
	}

MKTEMP_OUTER(mktemp)
MKTEMP_OUTER(__mktemp)

OUTER(char *, tmpnam, char *out);

char *au_tmpnam(char *out)
{
	char *name = pt_tmpnam(out);

	if (name)
		made(CALL_tmpnam, POINT_SITE, name, 0, false, 0, false);
	return name;
}

OUTER(char *, tmpnam_r, char *out);

char *au_tmpnam_r(char *out)
{
	char *name = pt_tmpnam_r(out);

	if (name)
		made(CALL_tmpnam_r, POINT_SITE, name, 0, false, 0, false);
	return name;
}

OUTER(char *, tempnam, const char *dir, const char *prefix);

char *au_tempnam(const char *dir, const char *prefix)
{
	char *name = pt_tempnam(dir, prefix);

	if (name)
		made(CALL_tempnam, POINT_SITE, name, 0, false, 0, false);
	return name;
}
