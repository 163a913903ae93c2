/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that are not calls under test: the fixture, files to prepare, descriptors. */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void c_fixture(const struct args *a)
{
	(void)a;
	fixture_build();
	fixture_remember();
}

static void c_check(const struct args *a)
{
	(void)a;
	out("\n");
	fixture_check(false);
}

static void c_dump(const struct args *a)
{
	(void)a;
	out("\n");
	fixture_dump();
}

static void c_write(const struct args *a)
{
	size_t length;
	const char *text = text_arg(a, 1, &length);
	RET(write(FD(0), text, length));
}

static void c_read(const struct args *a)
{
	char buffer[4096];
	memset(buffer, FILL, sizeof buffer);
	RET(read(FD(0), buffer, (size_t)N(1, 512)));
	out_buffer(buffer, sizeof buffer, last_result());
}

static void c_close(const struct args *a)
{
	RET(close(FD(0)));
}

static void c_dup2(const struct args *a)
{
	RET(dup2(FD(0), FD(1)));
}

static void c_umask(const struct args *a)
{
	RET(umask((mode_t)N(0, 022)));
}

/* A file with a text, made with open, write and close. Nobody reads a FIFO: no wait for it. */
static void c_put(const struct args *a)
{
	const int how = O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC;
	size_t length;
	int fd = open(P(0), how, (mode_t)N(2, 0644));
	const char *text = text_arg(a, 1, &length);
	if (fd < 0 || write(fd, text, length) != (ssize_t)length)
		out(" put: %s", error_name(errno));
	if (fd >= 0)
		close(fd);
}

/* copy FROM TO: a file of the machine's; "LIBRARY" is the one that the runner names. */
static void c_copy(const struct args *a)
{
	char buffer[65536];
	const char *from = strcmp(a->word[0], "LIBRARY") == 0 ? getenv("DIFF_LIBRARY") :
								P(0);
	int in = from ? open(from, O_RDONLY | O_CLOEXEC) : -1;
	int to = open(P(1), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ssize_t n = -1;
	while (in >= 0 && to >= 0 && (n = read(in, buffer, sizeof buffer)) > 0)
		if (write(to, buffer, (size_t)n) != n)
			break;
	out(" copy %s", n == 0 ? "done" : error_name(errno));
	close(in);
	close(to);
}

/* What a file says now. */
static void c_get(const struct args *a)
{
	char buffer[4096];
	int fd = open(P(0), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		out(" get: %s", error_name(errno));
		return;
	}
	ssize_t n = read(fd, buffer, sizeof buffer);
	out_buffer(buffer, 0, n);
	close(fd);
}

/* A chain of directories: deeper than any path can name at once. */
static void c_mkdeep(const struct args *a)
{
	char *name = text_arg(a, 0, NULL);
	long n = 0;
	for (; n < N(1, 1); n++)
		if (mkdir(name, 0755) != 0 || chdir(name) != 0)
			break;
	out(" depth=%ld %s", n, n < N(1, 1) ? error_name(errno) : "-");
}

const struct call calls_control[] = { CALL(fixture), CALL(check), CALL(dump),
				      CALL(write),   CALL(read),  CALL(close),
				      CALL(dup2),    CALL(umask), CALL(put),
				      CALL(copy),    CALL(get),	  CALL(mkdeep),
				      END_OF_CALLS };
