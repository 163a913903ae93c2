/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that make up names. A name is random on both sides: printed is what
 * must be equal, the fixed part, the length, and what now stands under it.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The X at the end of a template, before the suffix: six at least, if it is a good one. */
static size_t count_x(const char *template, size_t suffix)
{
	size_t length = strlen(template), n = 0;
	while (suffix + n < length && template[length - suffix - n - 1] == 'X')
		n++;
	return n;
}

/* "~" for the X if six or more were replaced by letters and digits. */
static void out_template(const char *template, const char *name, size_t suffix)
{
	size_t length = strlen(template);
	out(" same-length=%d", strlen(name) == length);
	if (strlen(name) != length || suffix > length || count_x(template, suffix) < 6) {
		out_text(name);
		return;
	}
	size_t x = count_x(template, suffix);
	const char *random = name + length - suffix - x;
	bool replaced =
		memcmp(random + x - 6, "XXXXXX", 6) != 0 &&
		strspn(random,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") >=
			x;
	out(" \"");
	out_bytes(name, (size_t)(random - name));
	if (replaced)
		out("~");
	else
		out_bytes(random, x);
	out_bytes(random + x, suffix);
	out("\"");
}

/* What the new name shows, asked for by that name. */
static void out_made(const char *name)
{
	struct stat st;
	if (lstat(name, &st) == 0)
		out(" there mode=%o size=%lld", st.st_mode, (long long)st.st_size);
	else
		out(" absent %s", error_name(errno));
}

/* Templates are written to, so they lie in memory of their own. */
#define TEMPLATE(name, suffix, call) \
	static void c_##name(const struct args *a) \
	{ \
		char *template = strdup(P(0)); \
		RET_FD(call); \
		out_template(P(0), template, (size_t)(suffix)); \
		if (last_result() >= 0) { \
			out_made(template); \
			unlink(template); \
		} \
		free(template); \
	}

TEMPLATE(mkstemp, 0, mkstemp(template))
TEMPLATE(mkostemp, 0, mkostemp(template, (int)N(1, 0)))
TEMPLATE(mkstemps, N(1, 0), mkstemps(template, (int)N(1, 0)))
TEMPLATE(mkostemps, N(1, 0), mkostemps(template, (int)N(1, 0), (int)N(2, 0)))
#ifdef __GLIBC__
TEMPLATE(mkstemp64, 0, mkstemp64(template))
TEMPLATE(mkostemp64, 0, mkostemp64(template, (int)N(1, 0)))
TEMPLATE(mkstemps64, N(1, 0), mkstemps64(template, (int)N(1, 0)))
TEMPLATE(mkostemps64, N(1, 0), mkostemps64(template, (int)N(1, 0), (int)N(2, 0)))
#endif

static void c_mkdtemp(const struct args *a)
{
	char *template = strdup(P(0));
	const char *p;
	RET_POINTER(p, mkdtemp(template));
	out_template(P(0), template, 0);
	if (p) {
		out(" same-pointer=%d", p == template);
		out_made(template);
		rmdir(template);
	}
	free(template);
}

/* mktemp always returns its argument; after a failure it is empty. */
static void name_by_mktemp(const struct args *a, char *(*make)(char *))
{
	char *template = strdup(P(0));
	const char *p;
	RET_POINTER(p, make(template));
	out_template(P(0), template, 0);
	out(" same-pointer=%d", p == template);
	if (*template)
		out_made(template);
	free(template);
}

/* Declared here: the header's own declaration makes the linker warn. */
extern char *program_mktemp(char *template) __asm__("mktemp");
extern char *program_tmpnam(char *name) __asm__("tmpnam");
extern char *program_tempnam(const char *dir, const char *prefix) __asm__("tempnam");

static void c_mktemp(const struct args *a)
{
	name_by_mktemp(a, program_mktemp);
}

static void out_name(const char *name, size_t fixed)
{
	out(" \"");
	out_bytes(name, fixed < strlen(name) ? fixed : strlen(name));
	out("\"");
	out_made(name);
}

static void c_tmpnam(const struct args *a)
{
	char name[L_tmpnam];
	const char *p;
	(void)a;
	RET_POINTER(p, program_tmpnam(name));
	if (p) {
		out(" fits=%d same-pointer=%d", strlen(p) < L_tmpnam, p == name);
		out_name(p, 5);
	}
}

static void c_tmpnam_static(const struct args *a)
{
	const char *p;
	(void)a;
	RET_POINTER(p, program_tmpnam(NULL));
	if (p) {
		char *first = strdup(p);
		const char *q = program_tmpnam(NULL);
		out(" same-pointer=%d differs=%d", p == q, q && strcmp(first, q) != 0);
		out_name(p, 5);
		free(first);
	}
}

#ifdef __GLIBC__
static void c_tmpnam_r(const struct args *a)
{
	char name[L_tmpnam];
	const char *p;
	(void)a;
	RET_POINTER(p, tmpnam_r(name));
	if (p)
		out_name(p, 5);
	RET_POINTER(p, tmpnam_r(NULL));
}
#endif

/* tempnam DIRECTORY PREFIX [TMPDIR] */
static void c_tempnam(const struct args *a)
{
	if (a->count > 2)
		setenv("TMPDIR", P(2), 1);
	char *name;
	RET_POINTER(name, program_tempnam(P(0), P(1)));
	unsetenv("TMPDIR");
	if (!name)
		return;
	/* Directory and at most five bytes of prefix are fixed. */
	const char *base = strrchr(name, '/');
	const char *prefix = P(1);
	size_t fixed = (size_t)(base - name) + 1 + (prefix ? strnlen(prefix, 5) : 0);
	out_name(name, fixed);
	free(name);
}

static void out_tmpfile(FILE *f)
{
	if (!f)
		return;
	int fd = fileno(f);
	struct stat st;
	if (fstat(fd, &st) == 0)
		out(" mode=%o nlink=%lu size=%lld dev=%s", st.st_mode,
		    (unsigned long)st.st_nlink, (long long)st.st_size,
		    device_name(st.st_dev));
	char byte = 0;
	fputs("x", f);
	rewind(f);
	size_t n = fread(&byte, 1, 1, f);
	out(" read=%zu%c close=%d", n, byte ? byte : '-', fclose(f));
}

static void c_tmpfile(const struct args *a)
{
	FILE *f;
	(void)a;
	RET_POINTER(f, tmpfile());
	out_tmpfile(f);
}

#ifdef __GLIBC__
static void c_tmpfile64(const struct args *a)
{
	FILE *f;
	(void)a;
	RET_POINTER(f, tmpfile64());
	out_tmpfile(f);
}
#endif

const struct call calls_temp[] = {
	CALL(mkstemp),	 CALL(mkostemp),   CALL(mkstemps),   CALL(mkostemps),
	CALL(mkdtemp),	 CALL(mktemp),	   CALL(tmpnam),     CALL(tmpnam_static),
	CALL(tempnam),	 CALL(tmpfile),
#ifdef __GLIBC__
	CALL(mkstemp64), CALL(mkostemp64), CALL(mkstemps64), CALL(mkostemps64),
	CALL(tmpnam_r),	 CALL(tmpfile64),
#endif
	END_OF_CALLS
};
