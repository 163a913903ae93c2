/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree that every row of the table starts from, in both guarded
 * directories and elsewhere, and its comparison with what a call left behind.
 * It is made and read through libc, so that under the shim it is the view.
 */
#define _GNU_SOURCE
#include "driver.h"
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* In the order in which the tree is listed. */
const char *const roots[ROOTS] = { "/e", "/tmp", "/tmpfoo", "/var/tmp" };

struct item {
	char type; /* d f l p s h */
	mode_t mode;
	const char *path;
	const char *text; /* content, link text, or the other name of a hard link */
};

static const struct item items[] = {
	{ 'f', 0644, "/tmp/f", "in /tmp/f\n" },
	{ 'f', 0600, "/tmp/g", "g" },
	{ 'h', 0, "/tmp/h", "/tmp/g" },
	{ 'f', 0755, "/tmp/x", "#!/bin/sh\necho \"$0\" \"$@\"\n" },
	{ 'd', 0755, "/tmp/d", NULL },
	{ 'f', 0644, "/tmp/d/f", "in /tmp/d/f\n" },
	{ 'd', 0755, "/tmp/d/d", NULL },
	{ 'f', 0644, "/tmp/d/d/f", "deep" },
	{ 'd', 0700, "/tmp/empty", NULL },
	{ 'd', 01777, "/tmp/sticky", NULL },
	{ 'p', 0600, "/tmp/p", NULL },
	{ 's', 0600, "/tmp/s", NULL },
	{ 'l', 0, "/tmp/la", "/tmp/f" },
	{ 'l', 0, "/tmp/lad", "/tmp/d" },
	{ 'l', 0, "/tmp/ladd", "/tmp/lad/d" },
	{ 'l', 0, "/tmp/lr", "f" },
	{ 'l', 0, "/tmp/lrd", "d" },
	{ 'l', 0, "/tmp/ldup", "d/../f" },
	{ 'l', 0, "/tmp/lout", "/e/f" },
	{ 'l', 0, "/tmp/loutd", "/e/d" },
	{ 'l', 0, "/tmp/lclimb", "../e/f" },
	{ 'l', 0, "/tmp/lclimbd", "../e" },
	{ 'l', 0, "/tmp/lclimbin", "../tmp/f" },
	{ 'l', 0, "/tmp/lself", "lself" },
	{ 'l', 0, "/tmp/lloop1", "/tmp/lloop2" },
	{ 'l', 0, "/tmp/lloop2", "lloop1" },
	{ 'l', 0, "/tmp/ldang", "nope" },
	{ 'l', 0, "/tmp/ldanga", "/tmp/nope" },
	{ 'l', 0, "/tmp/ldangd", "/tmp/nodir/nope" },
	{ 'l', 0, "/tmp/lroot", "/" },
	{ 'l', 0, "/tmp/ltmp", "/tmp" },
	{ 'l', 0, "/tmp/ltmps", "//tmp/./" },
	{ 'l', 0, "/tmp/ldot", "." },
	{ 'l', 0, "/tmp/ldotdot", ".." },
	{ 'l', 0, "/tmp/lvar", "/var/tmp/f" },
	{ 'l', 0, "/tmp/lvard", "../var/tmp" },
	{ 'l', 0, "/tmp/lcwd", "/proc/self/cwd" },
	{ 'l', 0, "/tmp/lfoo", "/tmpfoo/f" },
	{ 'l', 0, "/tmp/lchain", "lchain1" },
	{ 'l', 0, "/tmp/lchain1", "/tmp/lad/lup" },
	{ 'l', 0, "/tmp/d/lup", "../f" },
	{ 'l', 0, "/tmp/d/lup2", "../../e/f" },
	{ 'l', 0, "/tmp/d/lback", "../../tmp/f" },
	{ 'l', 0, "/tmp/d/lhere", "/tmp/d/f" },
	{ 'd', 0000, "/tmp/closed", NULL },
	{ 'd', 0300, "/tmp/nolist", NULL },
	{ 'd', 0600, "/tmp/nosearch", NULL },
	{ 'f', 0000, "/tmp/noread", "secret" },
	{ 'f', 0644, "/tmp/sp ace", "space" },
	{ 'f', 0644, "/tmp/odd\n\\\x01\xff", "odd" },
	{ 'f', 0644, "/tmp/...", "dots" },
	{ 'f', 0644, "/tmp/..f", "dotdotf" },
	{ 'f', 0644, "/tmp/.hid", "hidden" },
	{ 'd', 0755, "/tmp/tmp", NULL },
	{ 'f', 0644, "/tmp/tmp/f", "in /tmp/tmp/f\n" },
	{ 'd', 0755, "/tmp/e", NULL },
	{ 'f', 0644, "/tmp/e/f", "in /tmp/e/f\n" },
	{ 'f', 0644, "/var/tmp/f", "in /var/tmp/f\n" },
	{ 'd', 0755, "/var/tmp/d", NULL },
	{ 'f', 0644, "/var/tmp/d/f", "in /var/tmp/d/f\n" },
	{ 'l', 0, "/var/tmp/ltmp", "/tmp/f" },
	{ 'l', 0, "/var/tmp/lrel", "../../tmp/d" },
	{ 'l', 0, "/var/tmp/lup", "../tmp/f" },
	{ 'l', 0, "/var/tmp/lout", "/e/f" },
	{ 'f', 0644, "/e/f", "in /e/f\n" },
	{ 'f', 0644, "/e/g", "g elsewhere\n" },
	{ 'd', 0755, "/e/d", NULL },
	{ 'f', 0644, "/e/d/f", "in /e/d/f\n" },
	{ 'l', 0, "/e/lself", "lself" },
	{ 'l', 0, "/e/lf", "f" },
	{ 'l', 0, "/e/lroot", "/" },
	{ 'l', 0, "/e/lin", "/tmp/f" },
	{ 'l', 0, "/e/lind", "/tmp/d" },
	{ 'l', 0, "/e/lint", "/tmp" },
	{ 'l', 0, "/e/lclimb", "../tmp/f" },
	{ 'l', 0, "/e/lclimbd", "../tmp/d" },
	{ 'l', 0, "/e/lclimbt", "../tmp" },
	{ 'l', 0, "/e/lvar", "/var/tmp/d" },
	{ 'l', 0, "/e/d/lup", "../../tmp" },
	{ 'f', 0644, "/tmpfoo/f", "in /tmpfoo/f\n" },
};
#define ITEMS (sizeof items / sizeof *items)

struct fixed_fd {
	int fd;
	int flags;
	const char *path;
};

/* What /proc/self/fd/N shapes refer to. */
static const struct fixed_fd fixed_fds[] = {
	{ 20, O_RDONLY | O_DIRECTORY, "/tmp" },
	{ 21, O_RDONLY | O_DIRECTORY, "/tmp/d" },
	{ 22, O_RDWR, "/tmp/f" },
	{ 23, O_RDONLY | O_DIRECTORY, "/" },
	{ 24, O_RDONLY | O_DIRECTORY, "/e" },
	{ 25, O_RDWR, "/e/f" },
	{ 26, O_PATH, "/tmp/d" },
	{ 27, O_RDWR | O_CREAT, "/tmp/gone" },
	{ 28, O_RDONLY | O_DIRECTORY, "/tmp/goned" },
	{ 29, O_RDONLY | O_DIRECTORY, "/var" },
	{ 30, O_PATH | O_NOFOLLOW, "/tmp/la" },
	{ 31, O_PATH, "/tmp/noread" },
	/* Both ends: an open of the FIFO must not block. */
	{ 32, O_RDWR | O_NONBLOCK, "/tmp/p" },
};

struct known {
	dev_t dev;
	ino_t ino;
	const char *name;
};

static struct known known[ITEMS + ROOTS + 4];
static size_t known_count;

const char *inode_name(dev_t dev, ino_t ino)
{
	for (size_t i = 0; i < known_count; i++)
		if (known[i].ino == ino && known[i].dev == dev)
			return known[i].name;
	return "other";
}

const char *device_name(dev_t dev)
{
	/* The first entries of "known" are /, /proc and the roots. */
	for (size_t i = 0; i < known_count; i++)
		if (known[i].dev == dev)
			return known[i].name;
	return "other";
}

static void know(const char *path)
{
	struct stat st;
	/* One name holds a line break, which output lines must not. */
	const char *name = strchr(path, '\n') ? "/tmp/odd" : path;
	if (lstat(path, &st) != 0)
		return;
	for (size_t i = 0; i < known_count; i++)
		if (known[i].name == name) {
			known[i] = (struct known){ st.st_dev, st.st_ino, name };
			return;
		}
	if (known_count < sizeof known / sizeof *known &&
	    strcmp(inode_name(st.st_dev, st.st_ino), "other") == 0)
		known[known_count++] = (struct known){ st.st_dev, st.st_ino, name };
}

static void complain(const char *what, const char *path)
{
	out("fixture: %s ", what);
	out_text(path);
	out(" %s\n", error_name(errno));
}

static void remove_tree(const char *path, bool itself)
{
	DIR *dir = opendir(path);
	if (!dir && chmod(path, 0700) == 0)
		dir = opendir(path);
	if (!dir) {
		complain("opendir", path);
		return;
	}
	struct dirent *e;
	while ((e = readdir(dir))) {
		char child[PATH_MAX * 2];
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(child, sizeof child, "%s/%s", path, e->d_name);
		struct stat st;
		if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode)) {
			if ((st.st_mode & 0700) != 0700)
				chmod(child, 0700);
			remove_tree(child, true);
		} else if (unlink(child) != 0) {
			complain("unlink", child);
		}
	}
	closedir(dir);
	if (itself && rmdir(path) != 0)
		complain("rmdir", path);
}

static int make_file(const struct item *item)
{
	int fd = open(item->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, item->mode);
	if (fd < 0)
		return -1;
	size_t length = strlen(item->text);
	if (write(fd, item->text, length) != (ssize_t)length) {
		close(fd);
		return -1;
	}
	fchmod(fd, item->mode);
	return close(fd);
}

/*
 * Links that lead across a guarded directory's border, once there are some, make
 * the shim walk every path. A plain tree has none, so that it need not.
 */
bool fixture_is_plain(void)
{
	return getenv("DIFF_PLAIN") != NULL;
}

static bool is_left_out(const struct item *item)
{
	return fixture_is_plain() && item->type == 'l' &&
	       (item->text[0] == '/' || strncmp(item->text, "..", 2) == 0);
}

static int make_item(const struct item *item)
{
	switch (item->type) {
	case 'f': return make_file(item);
	case 'd':
		return mkdir(item->path, 0700) != 0 ? -1 : chmod(item->path, item->mode);
	case 'l': return symlink(item->text, item->path);
	case 'h': return link(item->text, item->path);
	case 'p': return mkfifo(item->path, item->mode);
	default: return mknod(item->path, S_IFSOCK | item->mode, 0);
	}
}

void fixture_close(void)
{
	for (int fd = 3; fd < FIRST_FIXED; fd++)
		close(fd);
}

static void open_fixed(void)
{
	mkdir("/tmp/goned", 0700);
	for (size_t i = 0; i < sizeof fixed_fds / sizeof *fixed_fds; i++) {
		const struct fixed_fd *f = &fixed_fds[i];
		int fd = open(f->path, f->flags, 0600);
		if (fd < 0) {
			complain("open", f->path);
		} else {
			dup2(fd, f->fd);
			close(fd);
		}
	}
	unlink("/tmp/gone");
	rmdir("/tmp/goned");
}

/* Back to what it was at the start, as far as this user may. */
static void empty_root(size_t i)
{
	static struct stat first[ROOTS];
	if (first[i].st_mode == 0 && stat(roots[i], &first[i]) != 0)
		complain("stat", roots[i]);
	remove_tree(roots[i], false);
	chmod(roots[i], 01777);
	if (geteuid() == 0 && chown(roots[i], first[i].st_uid, first[i].st_gid) != 0)
		complain("chown", roots[i]);
	removexattr(roots[i], "user.x");
}

static const char *const first_known[] = { "/", "/proc" };

void fixture_build(void)
{
	if (chdir("/") != 0)
		complain("chdir", "/");
	umask(022);
	for (size_t i = 0; i < ROOTS; i++)
		empty_root(i);
	for (size_t i = 0; i < ITEMS; i++)
		if (!is_left_out(&items[i]) && make_item(&items[i]) != 0)
			complain("make", items[i].path);
	known_count = 0;
	for (size_t i = 0; i < sizeof first_known / sizeof *first_known; i++)
		know(first_known[i]);
	for (size_t i = 0; i < ROOTS; i++)
		know(roots[i]);
	for (size_t i = 0; i < ITEMS; i++)
		know(items[i].path);
	open_fixed();
}

/* One entry again, where nothing else has changed; false if that is not enough. */
bool fixture_remake(const char *path)
{
	for (size_t i = 0; i < ITEMS; i++) {
		if (strcmp(items[i].path, path) != 0)
			continue;
		bool linked = items[i].type == 'h' ||
			      (i + 1 < ITEMS && items[i + 1].type == 'h');
		if (linked || items[i].type == 'd' || make_item(&items[i]) != 0)
			return false;
		know(items[i].path);
		return true;
	}
	return false;
}

void fixture_reopen(void)
{
	open_fixed();
}
