/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that open: descriptors, streams, directories. */
#define _GNU_SOURCE
#include "driver.h"

#include <dirent.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The variadic mode is passed only where it is due, as programs do. */
static void c_open(const struct args *a)
{
	if (a->count > 2)
		RET_FD(open(P(0), (int)N(1, 0), (mode_t)N(2, 0)));
	else
		RET_FD(open(P(0), (int)N(1, 0)));
}

static void c_openat(const struct args *a)
{
	if (a->count > 3)
		RET_FD(openat(FD(0), P(1), (int)N(2, 0), (mode_t)N(3, 0)));
	else
		RET_FD(openat(FD(0), P(1), (int)N(2, 0)));
}

static void c_creat(const struct args *a)
{
	RET_FD(creat(P(0), (mode_t)N(1, 0644)));
}

#ifdef __GLIBC__
static void c_open64(const struct args *a)
{
	RET_FD(open64(P(0), (int)N(1, 0), (mode_t)N(2, 0)));
}

static void c_openat64(const struct args *a)
{
	RET_FD(openat64(FD(0), P(1), (int)N(2, 0), (mode_t)N(3, 0)));
}

static void c_creat64(const struct args *a)
{
	RET_FD(creat64(P(0), (mode_t)N(1, 0644)));
}
#endif

/* Descriptor, position and first bytes of a stream; then it is closed. */
static void out_stream(FILE *f, bool readable)
{
	if (!f)
		return;
	out_fd(fileno(f));
	char bytes[64];
	struct stat st;
	if (fstat(fileno(f), &st) == 0 && S_ISFIFO(st.st_mode)) {
		out(" fifo");
	} else if (readable) {
		size_t n = fread(bytes, 1, sizeof bytes, f);
		out(" read=%zu \"", n);
		out_bytes(bytes, n);
		out("\"");
	} else {
		fputs("written\n", f);
	}
	out(" close=%d", fclose(f));
}

static void c_fopen(const struct args *a)
{
	FILE *f;
	RET_POINTER(f, fopen(P(0), a->word[1]));
	out_stream(f, a->word[1][0] == 'r');
}

#ifdef __GLIBC__
static void c_fopen64(const struct args *a)
{
	FILE *f;
	RET_POINTER(f, fopen64(P(0), a->word[1]));
	out_stream(f, a->word[1][0] == 'r');
}
#endif

static void c_freopen(const struct args *a)
{
	FILE *f = fopen("/dev/null", "r");
	if (!f)
		return;
	RET_POINTER(f, freopen(P(0), a->word[1], f));
	out_stream(f, a->word[1][0] == 'r');
}

#ifdef __GLIBC__
static void c_freopen64(const struct args *a)
{
	FILE *f = fopen("/dev/null", "r");
	if (!f)
		return;
	RET_POINTER(f, freopen64(P(0), a->word[1], f));
	out_stream(f, a->word[1][0] == 'r');
}
#endif

/* freopen without a path: the same file again, by its descriptor. */
static void c_freopen_null(const struct args *a)
{
	FILE *f = fopen(P(0), "r");
	if (!f)
		return;
	RET_POINTER(f, freopen(NULL, "r", f));
	out_stream(f, true);
}

static void c_setmntent(const struct args *a)
{
	FILE *f;
	RET_POINTER(f, setmntent(P(0), "r"));
	if (f) {
		out_fd(fileno(f));
		endmntent(f);
	}
}

/* A guarded directory is listed like a mount point: by what lies underneath. */
static const char *entry_name(dev_t dev, ino_t ino)
{
	const char *name = inode_name(dev, ino);

	return strcmp(name, "/tmp") == 0 || strcmp(name, "/var/tmp") == 0 ? "other" :
									    name;
}

static void out_entries(DIR *dir)
{
	if (!dir)
		return;
	out_fd(dirfd(dir));
	struct dirent *e;
	errno = UNTOUCHED;
	for (int n = 0; n < 400 && (e = readdir(dir)); n++) {
		out_text(e->d_name);
		out("%d", e->d_type);
		/* "..": the kernel's number for it is that of the mount underneath. */
		if (strcmp(e->d_name, "..") != 0) {
			struct stat st;
			if (fstat(dirfd(dir), &st) == 0)
				out("=%s", entry_name(st.st_dev, e->d_ino));
		}
	}
	out(" end=%s", error_name(errno));
	rewinddir(dir);
	e = readdir(dir);
	out(" again=%s close=%d", e ? e->d_name : "", closedir(dir));
}

static void c_opendir(const struct args *a)
{
	DIR *dir;
	RET_POINTER(dir, opendir(P(0)));
	out_entries(dir);
}

static void c_fdopendir(const struct args *a)
{
	DIR *dir;
	RET_POINTER(dir, fdopendir(FD(0)));
	out_entries(dir);
}

static int not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void out_namelist(struct dirent **list, long count)
{
	for (long i = 0; i < count; i++) {
		out_text(list[i]->d_name);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

static void c_scandir(const struct args *a)
{
	struct dirent **list = NULL;
	RET(scandir(P(0), &list, not_hidden, alphasort));
	out_namelist(list, last_result());
}

#ifdef __GLIBC__
static void c_scandirat(const struct args *a)
{
	struct dirent **list = NULL;
	RET(scandirat(FD(0), P(1), &list, not_hidden, alphasort));
	out_namelist(list, last_result());
}
#endif

const struct call calls_open[] = { CALL(open),	    CALL(openat),    CALL(creat),
				   CALL(fopen),	    CALL(freopen),   CALL(freopen_null),
				   CALL(setmntent), CALL(opendir),   CALL(fdopendir),
				   CALL(scandir),
#ifdef __GLIBC__
				   CALL(open64),    CALL(openat64),  CALL(creat64),
				   CALL(fopen64),   CALL(freopen64), CALL(scandirat),
#endif
				   END_OF_CALLS };
