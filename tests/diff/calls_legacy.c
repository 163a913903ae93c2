/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What old and fortified binaries import: __xstat and its kin, the _chk forms,
 * the __open aliases. New programs cannot link to some of them, so they are
 * looked up by name, in the order in which the dynamic linker would.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Declares "f" as a function of the type given, or says that this libc has none and returns. */
#define LOOK_UP(name, type) \
	__typeof__(type) *f; \
	void *found_ = dlsym(RTLD_DEFAULT, #name); \
	if (!found_) { \
		out(" absent"); \
		return; \
	} \
	memcpy(&f, &found_, sizeof f)

#if defined __LP64__
#define STAT_VERSION 1
#else
#define STAT_VERSION 3
#endif

typedef int xstat_fn(int, const char *, void *);
typedef int fxstatat_fn(int, int, const char *, void *, int);

/* The layout of struct stat64 is that of struct stat on 64-bit machines only. */
static void out_old_stat(const void *st)
{
#ifdef __LP64__
	if (last_result() == 0)
		out_stat(st);
#else
	(void)st;
#endif
}

#define XSTAT(name) \
	static void c_##name(const struct args *a) \
	{ \
		LOOK_UP(name, xstat_fn); \
		char st[512]; \
		RET(f(STAT_VERSION, P(0), st)); \
		out_old_stat(st); \
	}

#define FXSTATAT(name) \
	static void c_##name(const struct args *a) \
	{ \
		LOOK_UP(name, fxstatat_fn); \
		char st[512]; \
		RET(f(STAT_VERSION, FD(0), P(1), st, (int)N(2, 0))); \
		out_old_stat(st); \
	}

XSTAT(__xstat)
XSTAT(__lxstat)
XSTAT(__xstat64)
XSTAT(__lxstat64)
FXSTATAT(__fxstatat)
FXSTATAT(__fxstatat64)

static void c___xmknod(const struct args *a)
{
	LOOK_UP(__xmknod, int(int, const char *, mode_t, dev_t *));
	dev_t none = 0;
	RET(f(0, P(0), (mode_t)N(1, S_IFREG | 0600), &none));
}

static void c___xmknodat(const struct args *a)
{
	LOOK_UP(__xmknodat, int(int, int, const char *, mode_t, dev_t *));
	dev_t none = 0;
	RET(f(0, FD(0), P(1), (mode_t)N(2, S_IFREG | 0600), &none));
}

typedef int open_fn(const char *, int, ...);
typedef int open_2_fn(const char *, int);
typedef int openat_2_fn(int, const char *, int);

#define OPEN(name) \
	static void c_##name(const struct args *a) \
	{ \
		LOOK_UP(name, open_fn); \
		RET_FD(f(P(0), (int)N(1, 0), (mode_t)N(2, 0))); \
	}
#define OPEN_2(name) \
	static void c_##name(const struct args *a) \
	{ \
		LOOK_UP(name, open_2_fn); \
		RET_FD(f(P(0), (int)N(1, 0))); \
	}
#define OPENAT_2(name) \
	static void c_##name(const struct args *a) \
	{ \
		LOOK_UP(name, openat_2_fn); \
		RET_FD(f(FD(0), P(1), (int)N(2, 0))); \
	}

OPEN(__open)
OPEN(__open64)
OPEN_2(__open_2)
OPEN_2(__open64_2)
OPENAT_2(__openat_2)
OPENAT_2(__openat64_2)

static void c___readlink_chk(const struct args *a)
{
	LOOK_UP(__readlink_chk, ssize_t(const char *, char *, size_t, size_t));
	char buffer[PATH_MAX];
	memset(buffer, FILL, sizeof buffer);
	RET(f(P(0), buffer, (size_t)N(1, 100), (size_t)N(2, sizeof buffer)));
	out_buffer(buffer, sizeof buffer, last_result());
}

static void c___readlinkat_chk(const struct args *a)
{
	LOOK_UP(__readlinkat_chk, ssize_t(int, const char *, char *, size_t, size_t));
	char buffer[PATH_MAX];
	memset(buffer, FILL, sizeof buffer);
	RET(f(FD(0), P(1), buffer, (size_t)N(2, 100), (size_t)N(3, sizeof buffer)));
	out_buffer(buffer, sizeof buffer, last_result());
}

static void c___realpath_chk(const struct args *a)
{
	LOOK_UP(__realpath_chk, char *(const char *, char *, size_t));
	char buffer[PATH_MAX];
	const char *p;
	RET_POINTER(p, f(P(0), buffer, (size_t)N(1, sizeof buffer)));
	if (p)
		out_text(p);
}

static void c___getcwd_chk(const struct args *a)
{
	LOOK_UP(__getcwd_chk, char *(char *, size_t, size_t));
	char buffer[PATH_MAX];
	memset(buffer, FILL, sizeof buffer);
	const char *p;
	RET_POINTER(p,
		    f(buffer, (size_t)N(0, sizeof buffer), (size_t)N(1, sizeof buffer)));
	out_buffer(buffer, sizeof buffer, p ? (long)strlen(p) + 1 : 0);
}

static void out_wd(const char *p, const char *buffer)
{
	/* On failure the buffer holds a message. */
	if (p)
		out_text(buffer);
}

static void c_getwd(const struct args *a)
{
	LOOK_UP(getwd, char *(char *));
	char buffer[PATH_MAX];
	const char *p;
	(void)a;
	RET_POINTER(p, f(buffer));
	out_wd(p, buffer);
}

static void c___getwd_chk(const struct args *a)
{
	LOOK_UP(__getwd_chk, char *(char *, size_t));
	char buffer[PATH_MAX];
	const char *p;
	RET_POINTER(p, f(buffer, (size_t)N(0, sizeof buffer)));
	out_wd(p, buffer);
}

static void c___recvfrom_chk(const struct args *a)
{
	LOOK_UP(__recvfrom_chk, ssize_t(int, void *, size_t, size_t, int,
					struct sockaddr *, socklen_t *));
	char text[64];
	struct sockaddr_storage from;
	socklen_t length = sizeof from;
	memset(&from, FILL, sizeof from);
	RET(f(FD(0), text, sizeof text, sizeof text, MSG_DONTWAIT,
	      (struct sockaddr *)&from, &length));
	if (last_result() >= 0) {
		out_buffer(text, 0, last_result());
		out(" length=%u", length);
		out_buffer((char *)&from + sizeof from.ss_family, 0,
			   (long)(length - sizeof from.ss_family));
	}
}

static void c___ttyname_r_chk(const struct args *a)
{
	LOOK_UP(__ttyname_r_chk, int(int, char *, size_t, size_t));
	char buffer[128];
	memset(buffer, FILL, sizeof buffer);
	RET(f(FD(0), buffer, (size_t)N(1, sizeof buffer), sizeof buffer));
	out_buffer(buffer, sizeof buffer,
		   last_result() == 0 ? (long)strlen(buffer) + 1 : 0);
}

const struct call calls_legacy[] = { CALL(__xstat),	   CALL(__lxstat),
				     CALL(__xstat64),	   CALL(__lxstat64),
				     CALL(__fxstatat),	   CALL(__fxstatat64),
				     CALL(__xmknod),	   CALL(__xmknodat),
				     CALL(__open),	   CALL(__open64),
				     CALL(__open_2),	   CALL(__open64_2),
				     CALL(__openat_2),	   CALL(__openat64_2),
				     CALL(__readlink_chk), CALL(__readlinkat_chk),
				     CALL(__realpath_chk), CALL(__getcwd_chk),
				     CALL(getwd),	   CALL(__getwd_chk),
				     CALL(__recvfrom_chk), CALL(__ttyname_r_chk),
				     END_OF_CALLS };
