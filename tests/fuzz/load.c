/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libFuzzer's target for the configuration as a whole: the files as they are read, in pieces
 * of any size, and what a program gets of them. What is taken can be made a session of, which
 * its members understand; what is not is told by a file's name and in one line.
 *
 *     first line: how it is read; files are parted by lines of "%NAME", and the first one is
 *     /etc/privtmp.conf
 */
#define _GNU_SOURCE
#include "core/report.h"
#include "core/sys.h"
#include "policy/compose.h"
#include "policy/config.h"
#include "policy/config_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 80, FIRST = 10, DIRECTORY = 9, PROGRAM_MAX = 64 };

struct input {
	const char *name;
	size_t name_len;
	const char *text;
	size_t size, read;
};

static struct input files[FILES];
static unsigned n_files, listed;
static const char *how, *how_end;
static unsigned told, opened;

static void expect(int holds)
{
	if (!holds)
		abort();
}

static unsigned answer(unsigned below)
{
	return how < how_end ? (unsigned char)*how++ % below : 0;
}

/* -- The kernel -- */

static int find(const char *name)
{
	for (unsigned i = 1; i < n_files; i++)
		if (files[i].name_len == strlen(name) &&
		    !memcmp(files[i].name, name, files[i].name_len))
			return (int)i;
	return -ENOENT;
}

int sys_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	int found;

	(void)mode;
	/* No FIFO holds it up, no terminal becomes its own. */
	expect((flags & O_NONBLOCK) && (flags & O_NOCTTY) && (flags & O_CLOEXEC));
	if (!strcmp(path, CONFIG_DIR)) {
		listed = 1;
		return n_files > 1 && ++opened ? DIRECTORY : -ENOENT;
	}
	expect(dirfd == DIRECTORY || !strcmp(path, CONFIG_FILE));
	found = dirfd == DIRECTORY ? find(path) : 0;
	if (found < 0 || answer(16) == 15)
		return found < 0 ? found : -EACCES;
	files[found].read = 0;
	opened++;
	return FIRST + found;
}

int sys_close(int fd)
{
	expect(fd >= DIRECTORY && fd < FIRST + FILES && opened);
	opened--;
	return 0;
}

ssize_t sys_read(int fd, void *buf, size_t size)
{
	struct input *in = &files[fd - FIRST];
	size_t n = in->size - in->read, piece = answer(256);

	if (piece == 255)
		return -EINTR;
	if (piece && piece < n)
		n = piece;
	if (n > size)
		n = size;
	memcpy(buf, in->text + in->read, n);
	in->read += n;
	return (ssize_t)n;
}

ssize_t sys_getdents(int fd, void *buf, size_t size)
{
	char *at = buf, *end = at + size;

	expect(fd == DIRECTORY);
	for (; listed < n_files; listed++) {
		/* As the kernel's: 8, 8, 2, 1, the name, and a multiple of 8. */
		unsigned short len =
			(unsigned short)((19 + files[listed].name_len + 1 + 7) & ~7u);

		if (len > (size_t)(end - at))
			break;
		memset(at, 0, len);
		memcpy(at + 16, &len, sizeof len);
		memcpy(at + 19, files[listed].name, files[listed].name_len);
		at += len;
	}
	return at - (char *)buf;
}

int sys_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	(void)flags;
	if (path[0])
		return -ENOENT;
	memset(out, 0, sizeof *out);
	out->stx_mode = dirfd == DIRECTORY ? S_IFDIR | 0755 : S_IFREG | 0644;
	if (answer(32) == 31)
		out->stx_mode = S_IFREG | 0664;
	return 0;
}

ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	static const char program[] = "/usr/sbin/legacy (deleted)";
	size_t n = sizeof program - 1 - (answer(2) ? 0 : 10);

	(void)dirfd;
	if (!strcmp(path, "/usr/tmp")) /* see add_usual */
		return -ENOENT;
	expect(!strcmp(path, "/proc/self/exe") && n < size);
	memcpy(buf, program, n);
	return (ssize_t)n;
}

void report(const char *path, const char *what, int error, const char *remedy)
{
	(void)error;
	expect(strlen(path) < CONFIG_PATH + 24 && what && *what);
	expect(!remedy || *remedy);
	told++;
}

/* -- What comes of it -- */

static int name_root(const char *dir, size_t len, char *out, size_t size)
{
	return snprintf(out, size, "%.*s/.privtmp-0123456789abcdefghijkl/0123456789a",
			(int)len, dir) < (int)size ?
		       0 :
		       -ENAMETOOLONG;
}

static void compose(const struct settings *settings)
{
	static char text[POLICY_TEXT_MAX];
	static struct policy policy, again;
	struct policy_error error = { 0 };
	int n = policy_compose(settings, NULL, name_root, text, sizeof text - 300,
			       &error);

	if (n < 0) {
		/* A scope without a root, say, which no line by itself can tell. */
		expect(!error.value || error.remedy);
		return;
	}
	expect(policy_parse(text, (size_t)n, &policy) == 0);
	for (unsigned i = 0; i < policy.guards; i++) {
		const struct guard *g = &policy.guard[i];

		expect(g->prefix.len <= POLICY_ROOT_MAX &&
		       g->view.len <= POLICY_TEXT_MAX);
		policy_shared(&policy, g->view.at, g->view.len);
	}
	/* Written from what was read, it reads the same. */
	expect(policy_parse(text, (size_t)n, &again) == 0);
	expect(!memcmp(&policy, &again, sizeof policy));
}

static void take_apart(const char *at, const char *end)
{
	n_files = 1;
	files[0] = (struct input){ "", 0, at, 0, 0 };
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		struct input *last = &files[n_files - 1];

		if (*at == '%' && n_files < FILES && stop - at - 1 < 256 &&
		    stop - at > 1 && !memchr(at, '\0', (size_t)(stop - at)) &&
		    !memchr(at, '/', (size_t)(stop - at))) {
			last->size = (size_t)(at - last->text);
			files[n_files++] =
				(struct input){ at + 1, (size_t)(stop - at - 1),
						newline ? stop + 1 : stop, 0, 0 };
		}
		at = newline ? stop + 1 : stop;
	}
	files[n_files - 1].size = (size_t)(end - files[n_files - 1].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings settings = { 0 };
	const char *newline;
	char *copy;
	int ret;

	newline = memchr(data, '\n', size);
	if (!newline)
		return 0;
	copy = malloc(size);
	memcpy(copy, data, size);
	newline += copy - (const char *)data;
	how = copy;
	how_end = newline;
	take_apart(newline + 1, copy + size);
	opened = told = 0;
	ret = config_load(answer(2) ? "/usr/sbin/legacy" : NULL, &settings);
	expect(!opened);
	expect(config_report() == (ret < 0) && told == (ret < 0));
	compose(&settings);
	free(copy);
	return 0;
}
