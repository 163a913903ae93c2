/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hostile_tree SEED DIR [CANARY [mixed]]: fills DIR with what a tree can be that somebody wants
 * to lead a remover astray by, to stop it, or to crash it: links to CANARY and to everywhere,
 * names of all bytes and lengths, the session's own names, FIFOs, sockets and devices, modes
 * that keep out, directories 10,000 deep; with "mixed", as root, files of others and mounts,
 * too. The same SEED makes the same tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

enum { DEPTH = 10000, ENTRIES = 120, MOUNTS = 3 };

static uint64_t state;
static const char *canary = "/nonexistent";
static bool mixed;
static int mounts;

static unsigned pick(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 16) % below;
}

static bool one_in(unsigned n)
{
	return pick(n) == 0;
}

/* A name that a remover, or the shim, has a use for itself. */
static const char *known_name(void)
{
	static const char *const names[] = {
		".r0",
		".r1",
		".r2",
		".r3",
		".r10",
		".r",
		".r0x",
		".r18446744073709551615",
		".r18446744073709551616",
		".r00",
		".rzzzzzzzzzzzz",
		"lease",
		"lease.1",
		"lease.",
		"hints",
		"lock",
		"failed",
		"tmp",
		"var",
		"...",
		".. ",
		".privtmp-0123456789abcdefghijkl",
		"00000000000",
		"-rf",
		"*",
		"~",
		"\\",
		"core",
		"\n",
		"\033[2J",
		"\xff\xfe",
	};

	return names[pick(sizeof names / sizeof *names)];
}

static void name(char out[NAME_MAX + 1])
{
	size_t len = one_in(3) ? NAME_MAX - pick(3) : 1 + pick(24);

	if (one_in(3)) {
		strcpy(out, known_name());
		return;
	}
	for (size_t i = 0; i < len; i++) {
		do
			out[i] = (char)pick(256);
		while (!out[i] || out[i] == '/');
	}
	out[len] = '\0';
}

static void link_text(char out[PATH_MAX])
{
	static const char *const texts[] = {
		"/",
		"..",
		".",
		"../..",
		"../../../../../../../..",
		"/proc/self/root",
		"/proc/self/cwd",
		"/proc/1/root",
		"/dev/null",
		"/dev/zero",
		"/etc",
		"/tmp",
		"/var/tmp",
		"loop",
		".r0",
		"lease",
	};
	size_t n;

	switch (pick(4)) {
	case 0: snprintf(out, PATH_MAX, "%s", canary); break;
	case 1: snprintf(out, PATH_MAX, "%s/dir/file", canary); break;
	case 2:
		n = PATH_MAX - 1 - pick(3);
		memset(out, '/', n);
		out[n] = '\0';
		break;
	default: strcpy(out, texts[pick(sizeof texts / sizeof *texts)]);
	}
}

static mode_t mode(void)
{
	static const mode_t modes[] = {
		0,    0111,  0222,  0444,  0500,  0600, 0700,
		0755, 01777, 02777, 04755, 07000, 0333,
	};

	return modes[pick(sizeof modes / sizeof *modes)];
}

static void give_away(const char *path)
{
	static const uid_t owners[] = { 0, 1, 61234, 61235, 65534 };

	if (mixed && one_in(4) && lchown(path, owners[pick(5)], owners[pick(5)]) != 0)
		return;
}

/* What is mounted is busy for whoever wants it away. */
static void mount_something(const char *path)
{
	if (mounts >= MOUNTS)
		return;
	if (mount(one_in(2) ? canary : "none", path, "tmpfs", 0, "size=64k") == 0 ||
	    mount(canary, path, NULL, MS_BIND, NULL) == 0)
		mounts++;
}

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0)
		return;
	/* With a hole that is larger than any disk. */
	if (one_in(4) && ftruncate(fd, (off_t)1 << 40) != 0)
		errno = 0;
	if (fchmod(fd, mode()) != 0)
		errno = 0;
	close(fd);
}

static void make_socket(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(to.sun_path, sizeof to.sun_path, "%.100s", path);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&to, sizeof to) != 0)
		errno = 0;
	if (fd >= 0)
		close(fd);
}

static void make_link(const char *path)
{
	char text[PATH_MAX];

	link_text(text);
	if (symlink(text, path) != 0)
		errno = 0;
}

static void make_hard_link(const char *path)
{
	char from[PATH_MAX];

	snprintf(from, sizeof from, "%s-linked/file", canary);
	if (link(from, path) != 0)
		make_file(path);
}

static void make_deep(void);
static void fill(unsigned depth);

/* A directory, with something in it, that gets its mode last. */
static void make_dir(const char *path, unsigned depth)
{
	int here;

	if (mkdir(path, 0700) != 0)
		return;
	here = open(".", O_RDONLY | O_DIRECTORY);
	if (here >= 0 && chdir(path) == 0) {
		if (depth)
			fill(depth - 1);
		if (fchdir(here) != 0)
			_exit(3);
	}
	if (here >= 0)
		close(here);
	if (chmod(path, mode()) != 0)
		errno = 0;
	if (mixed && one_in(12))
		mount_something(path);
}

static void make_one(unsigned depth)
{
	char path[NAME_MAX + 1];

	name(path);
	switch (pick(9)) {
	case 0: make_link(path); break;
	case 1:
		if (mkfifo(path, mode()) != 0)
			errno = 0;
		break;
	case 2: make_socket(path); break;
	case 3: make_hard_link(path); break;
	case 4:
		if (mknod(path, S_IFCHR | 0666, makedev(1, 3)) != 0)
			make_file(path);
		break;
	case 5:
	case 6: make_dir(path, depth); break;
	default: make_file(path);
	}
	give_away(path);
}

static void fill(unsigned depth)
{
	unsigned n = pick(ENTRIES) / (3 * (3 - depth) + 1);

	if (one_in(40))
		n += 2000;
	for (unsigned i = 0; i < n; i++)
		make_one(depth);
	if (one_in(16))
		make_deep();
}

/* All of the same name, or of names as long as can be. */
static void make_deep(void)
{
	static bool made;
	const unsigned depth = !made && one_in(3) ? DEPTH : pick(200);
	const bool longer = one_in(2);
	int here = open(".", O_RDONLY | O_DIRECTORY);
	char path[NAME_MAX + 1];

	made |= depth == DEPTH;
	strcpy(path, known_name());
	if (longer) {
		memset(path, 'd', NAME_MAX);
		path[NAME_MAX] = '\0';
	}
	for (unsigned i = 0; i < depth; i++)
		if (mkdir(path, 0700) != 0 || chdir(path) != 0)
			break;
	make_one(0);
	if (here < 0 || fchdir(here) != 0)
		_exit(3);
	close(here);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	state = strtoull(argv[1], NULL, 10) * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;
	if (argc > 3)
		canary = argv[3];
	mixed = argc > 4;
	umask(0);
	if (chdir(argv[2]) != 0)
		return 1;
	fill(2);
	return 0;
}
