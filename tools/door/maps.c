/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The maps of all ids, for user 0 of a container; see door.h. Only a process outside of the
 * new user namespace may write them: a child, without an exit signal, which ends at once.
 */
#include "door/door.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP_TEXT = 4096, LINE_TEXT = 64 }; /* of a map, of its lines */

static struct {
	char door[24]; /* the process, as /proc numbers it */
	int ask, answer;
	int pid;
	char uids[MAP_TEXT], gids[MAP_TEXT];
} maps = { .pid = -1 };

static int write_maps(void)
{
	int ret = space_write(maps.door, "uid_map", maps.uids);

	return ret < 0 ? ret : space_write(maps.door, "gid_map", maps.gids);
}

/* Writes LINE of a map to OUT, with each id as it is here. Returns the length. */
static size_t put_line(const char *line, char *out, size_t size)
{
	unsigned long number[3]; /* the first id here, the first one outside, the count */

	for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
		line += strspn(line, " ");
		line += sys_number(line, &number[i]);
	}
	return (size_t)snprintf(out, size, "%lu %lu %lu\n", number[0], number[0],
				number[2]);
}

/* Reads this process's map NAME, with each id as it is here. False: there is none. */
static bool read_map(const char *name, char out[MAP_TEXT])
{
	char text[MAP_TEXT], path[64], *line, *rest;
	size_t held = 0, n = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/self/%s", name);
	fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	while (fd >= 0 && (got = sys_read(fd, text + held, sizeof text - held - 1)) > 0) {
		held += (size_t)got;
		text[held] = '\0';
		rest = text;
		while (strchr(rest, '\n') && n < MAP_TEXT - LINE_TEXT) {
			line = strsep(&rest, "\n");
			n += put_line(line, out + n, MAP_TEXT - n);
		}
		held = strlen(rest);
		memmove(text, rest, held);
	}
	if (fd >= 0)
		sys_close(fd);
	return n != 0;
}

/* This process is in /proc by that name. */
static void name_door(void)
{
	/* If /proc is of another namespace, the number is not the pid. */
	ssize_t n =
		sys_readlinkat(AT_FDCWD, "/proc/self", maps.door, sizeof maps.door - 1);

	maps.door[n < 0 ? 0 : n] = '\0';
}

static void be_writer(int asked, int answer)
{
	char byte;
	int ret;

	if (sys_read(asked, &byte, 1) == 1) {
		ret = write_maps();
		sys_write(answer, &ret, sizeof ret);
	}
	SYS1(SYS_exit_group, 0);
}

void maps_prepare(void)
{
	int ask[2], answer[2];

	maps.pid = -1;
	if (!read_map("uid_map", maps.uids) || !read_map("gid_map", maps.gids))
		return;
	name_door();
	if (pipe2(ask, O_CLOEXEC) < 0)
		return;
	if (pipe2(answer, O_CLOEXEC) < 0) {
		sys_close(ask[0]);
		sys_close(ask[1]);
		return;
	}
	maps.pid = (int)SYS2(SYS_clone, 0, 0);
	if (maps.pid == 0) {
		sys_close(ask[1]);
		be_writer(ask[0], answer[1]);
	}
	sys_close(ask[0]);
	sys_close(answer[1]);
	maps.ask = ask[1];
	maps.answer = answer[0];
}

int maps_write(bool wanted)
{
	int ret = -EPIPE;

	if (maps.pid < 0)
		return ret;
	if (wanted && sys_write(maps.ask, "", 1) == 1 &&
	    sys_read(maps.answer, &ret, sizeof ret) != sizeof ret)
		ret = -EPIPE;
	sys_close(maps.ask);
	sys_close(maps.answer);
	while (SYS4(SYS_wait4, maps.pid, NULL, (int)__WCLONE, NULL) == -EINTR)
		;
	return ret;
}
