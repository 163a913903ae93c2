/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the attacker of attack_attacker.c knows, and how it comes to know it. */
#ifndef ATTACK_KNOWS_H
#define ATTACK_KNOWS_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 160, ROOTS = 16, PIDS = 40 };

/* File names in the directory that is attacked, and what was learned how. */
static char names[NAMES][NAME_MAX + 1];
static int name_count;
static char roots[ROOTS][PATH_MAX];
static int root_count;
static const char *directory = "/tmp";
static pid_t helpers[ROOTS];
static int helper_count;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Writes A, B and C one after the other into OUT. */
static const char *join(char out[PATH_MAX], const char *a, const char *b, const char *c)
{
	if (strlen(a) + strlen(b) + strlen(c) >= PATH_MAX)
		die(a);
	return strcat(strcat(strcpy(out, a), b), c);
}

static void learn(const char *name)
{
	for (int i = 0; i < name_count; i++)
		if (!strcmp(names[i], name))
			return;
	if (name_count < NAMES)
		snprintf(names[name_count++], sizeof *names, "%s", name);
}

/* What lies below ROOT, where it can be listed: the directory that is in it. */
static void find_secret(const char *root, char out[PATH_MAX])
{
	DIR *d = opendir(root);

	snprintf(out, PATH_MAX, "%s", root);
	for (struct dirent *e; d && (e = readdir(d));)
		if (strlen(e->d_name) == 11)
			join(out, root, "/", e->d_name);
	if (d)
		closedir(d);
}

static void learn_root(const char *root)
{
	for (int i = 0; i < root_count; i++)
		if (!strncmp(roots[i], root, strlen(root)))
			return;
	if (root_count == ROOTS)
		return;
	find_secret(root, roots[root_count++]);
	printf("knew %s\n", root);
}

static void learn_fixed(void)
{
	learn("att-report");
	learn("att-state");
	learn("att-spool/job");
}

/* The process PID is called NAME on its command line. */
static void learn_helper(long pid, const char *name)
{
	if (strncmp(name, "privtmp-reaper", 14) == 0 && helper_count < ROOTS)
		helpers[helper_count++] = (pid_t)pid;
}

static void learn_pid(long pid)
{
	char name[64];

	snprintf(name, sizeof name, "att-%ld", pid);
	learn(name);
}

/* BASE.s foretells BASE.o. */
static void learn_seen(const char *name)
{
	size_t n = strlen(name);
	char other[NAME_MAX + 1];

	if (strncmp(name, "att-", 4) != 0 || !strcmp(name, "att-spool"))
		return;
	learn(name);
	snprintf(other, sizeof other, "%s", name);
	if (n > 2 && !strcmp(name + n - 2, ".s")) {
		other[n - 1] = 'o';
		learn(other);
	}
}

static void list(const char *dir)
{
	DIR *d = opendir(dir);
	char root[PATH_MAX];

	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));) {
		learn_seen(e->d_name);
		if (strncmp(e->d_name, ".privtmp-", 9) != 0)
			continue;
		learn_root(join(root, dir, "/", e->d_name));
	}
	closedir(d);
}

/* What has been there and is no more: *gone is its name. */
static inline void read_events(int watch_fd, char *gone, size_t size)
{
	static _Alignas(struct inotify_event) char buffer[65536];
	ssize_t n = read(watch_fd, buffer, sizeof buffer);

	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *event = (const void *)(buffer + at);

		if (event->len)
			learn_seen(event->name);
		if (event->len && (event->mask & IN_DELETE))
			snprintf(gone, size, "%s", event->name);
		at += (ssize_t)(sizeof *event + event->len);
	}
}

static ssize_t slurp(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/* Names in the text of a file below /proc, whose lines may end in '\0'. */
static void learn_from_text(char *text, ssize_t n)
{
	for (ssize_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	for (char *at = text; (at = strstr(at, "att-")); at += 4) {
		char name[64];

		snprintf(name, sizeof name, "%.*s", (int)strcspn(at, " \n;:"), at);
		learn_seen(name);
		/* The victim of tempnam has the base only. */
		strcat(name, ".s");
		learn_seen(name);
	}
	for (char *at = text; (at = strstr(at, "/tmp/.privtmp-")); at += 4) {
		char root[PATH_MAX];

		snprintf(root, sizeof root, "%.*s", (int)strcspn(at + 5, "/ \n:") + 5,
			 at);
		learn_root(root);
	}
}

/* Others' processes: what of them is in /proc, if it can be read. */
static void search_proc(bool texts)
{
	static const char *const files[] = { "cmdline", "environ", "maps", "mountinfo",
					     "status",	"auxv",	   "stat", "io" };
	static const char *const links[] = { "cwd",  "root", "exe",
					     "fd/5", "fd/6", "map_files" };
	static char text[65536];
	char path[PATH_MAX], to[PATH_MAX];
	DIR *d = opendir("/proc");
	struct stat st;

	helper_count = 0;
	if (!d)
		die("/proc");
	for (struct dirent *e; (e = readdir(d));) {
		long pid = atol(e->d_name);

		snprintf(path, sizeof path, "/proc/%ld", pid);
		if (pid <= 1 || pid == getpid() || stat(path, &st) != 0)
			continue;
		learn_pid(pid);
		snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
		if (slurp(path, text, sizeof text) > 0)
			learn_helper(pid, text);
		for (size_t i = 0; texts && i < sizeof files / sizeof *files; i++) {
			snprintf(path, sizeof path, "/proc/%ld/%s", pid, files[i]);
			learn_from_text(text, slurp(path, text, sizeof text));
		}
		for (size_t i = 0; texts && i < sizeof links / sizeof *links; i++) {
			snprintf(path, sizeof path, "/proc/%ld/%s", pid, links[i]);
			learn_from_text(to, readlink(path, to, sizeof to - 1));
		}
	}
	closedir(d);
}

#endif
