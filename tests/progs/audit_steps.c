/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls for "privtmp audit" to see, one after the other, whatever becomes of them:
 *
 *     audit_steps STEP PATH [STEP PATH]...
 *
 * "%" in a PATH is the process's number, "@" eight letters drawn by lot, the same in each
 * path, "^" ten that were once drawn and read as a word. Further:
 *
 *     many N PATH        looks at PATH N times, and at N paths that begin so
 *     threads N PATH     N threads that each make and remove files of their own
 *     forest N PATH      N children that each make and remove one
 *     wait PATH          makes PATH and waits to be killed
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

static char path[4096];
static struct stat st;
static char room[4096];

static void look_access(void)
{
	(void)!access(path, F_OK);
}
static void look_stat(void)
{
	(void)!stat(path, &st);
}
static void look_lstat(void)
{
	(void)!lstat(path, &st);
}
static void look_fstatat(void)
{
	(void)!fstatat(AT_FDCWD, path, &st, 0);
}
static void look_readlink(void)
{
	(void)!readlink(path, room, sizeof room);
}
static void look_realpath(void)
{
	(void)!realpath(path, room);
}
static void look_getxattr(void)
{
	(void)!getxattr(path, "user.x", room, sizeof room);
}
static void look_statvfs(void)
{
	struct statvfs fs;

	(void)!statvfs(path, &fs);
}

static void open_by(int flags, unsigned mode)
{
	int fd = open(path, flags, mode);

	if (fd >= 0)
		close(fd);
}

static void use_read(void)
{
	open_by(O_RDONLY, 0);
}
static void use_write(void)
{
	open_by(O_WRONLY, 0);
}
static void use_nofollow(void)
{
	open_by(O_RDONLY | O_NOFOLLOW, 0);
}
static void make_open(void)
{
	open_by(O_WRONLY | O_CREAT | O_TRUNC, 0600);
}
static void make_exclusive(void)
{
	open_by(O_WRONLY | O_CREAT | O_EXCL, 0600);
}
static void make_loose(void)
{
	open_by(O_WRONLY | O_CREAT | O_EXCL, 0666);
}
static void make_creat(void)
{
	int fd = creat(path, 0600);

	if (fd >= 0)
		close(fd);
}

static void stream(const char *mode)
{
	FILE *out = fopen(path, mode);

	if (out)
		fclose(out);
}

static void make_fopen(void)
{
	stream("w");
}
static void make_append(void)
{
	stream("a");
}
static void make_fopenx(void)
{
	stream("wx");
}
static void make_mkdir(void)
{
	(void)!mkdir(path, 0700);
}
static void make_fifo(void)
{
	(void)!mkfifo(path, 0600);
}
static void make_symlink(void)
{
	(void)!symlink("/nowhere", path);
}
static void make_bind(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%.100s", path);
	(void)!bind(fd, (struct sockaddr *)&address, sizeof address);
	close(fd);
}

static void use_chmod(void)
{
	(void)!chmod(path, 0600);
}
static void use_open_up(void)
{
	(void)!chmod(path, 0666);
}
static void use_chown(void)
{
	(void)!chown(path, geteuid(), getegid());
}
static void use_truncate(void)
{
	(void)!truncate(path, 0);
}
static void use_utime(void)
{
	(void)!utime(path, NULL);
}
static void use_unlink(void)
{
	(void)!unlink(path);
}
static void use_rmdir(void)
{
	(void)!rmdir(path);
}
static void use_remove(void)
{
	(void)!remove(path);
}
static void use_rename(void)
{
	snprintf(room, sizeof room, "%.4000s.new", path);
	if (rename(path, room) == 0)
		(void)!rename(room, path);
}
static void use_link(void)
{
	snprintf(room, sizeof room, "%.4000s.new", path);
	if (link(path, room) == 0)
		unlink(room);
}
static void use_opendir(void)
{
	DIR *dir = opendir(path);

	if (dir)
		closedir(dir);
}
static void use_chdir(void)
{
	if (chdir(path) == 0)
		(void)!chdir("/");
}
static void use_dlopen(void)
{
	(void)!dlopen(path, RTLD_NOW);
}
static void use_execv(void)
{
	pid_t child = fork();

	if (child == 0) {
		char *const argv[] = { path, NULL };

		execv(path, argv);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void mend_mkstemp(void)
{
	int fd;

	snprintf(room, sizeof room, "%.4000s", path);
	fd = mkstemp(room);
	if (fd >= 0) {
		close(fd);
		unlink(room);
	}
}
static void mend_mkdtemp(void)
{
	snprintf(room, sizeof room, "%.4000s", path);
	if (mkdtemp(room)) {
		char in[4200];
		FILE *out;

		snprintf(in, sizeof in, "%s/x", room);
		(void)!access(in, F_OK);
		out = fopen(in, "w");
		if (out)
			fclose(out);
		unlink(in);
		rmdir(room);
	}
}
static void make_mktemp(void)
{
	snprintf(room, sizeof room, "%.4000s", path);
	(void)!mktemp(room);
}
static void make_tmpnam(void)
{
	(void)!tmpnam(room);
}
static void make_tempnam(void)
{
	free(tempnam(path, "x"));
}
static void mend_tmpfile(void)
{
	FILE *out = tmpfile();

	if (out)
		fclose(out);
}
static void mend_nameless(void)
{
	open_by(O_RDWR | O_TMPFILE, 0600);
}
static void tell_system(void)
{
	snprintf(room, sizeof room, "test -e %.4000s", path);
	(void)!system(room);
}

/* -- By number -- */

static void number_open(void)
{
	const long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0600);

	if (fd >= 0)
		close((int)fd);
}
static void number_exclusive(void)
{
	const long fd =
		syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL, 0600);

	if (fd >= 0)
		close((int)fd);
}
static void number_openat2(void)
{
	const uint64_t how[] = { O_RDWR | O_CREAT, 0600, 0 };
	const long fd = syscall(SYS_openat2, AT_FDCWD, path, how, sizeof how);

	if (fd >= 0)
		close((int)fd);
}
static void number_access(void)
{
	(void)!syscall(SYS_faccessat, AT_FDCWD, path, F_OK);
}
static void number_open_up(void)
{
	(void)!syscall(SYS_fchmodat, AT_FDCWD, path, 0666);
}
static void number_unlink(void)
{
	(void)!syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
static void number_bind(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%.100s", path);
	(void)!syscall(SYS_bind, fd, &address, sizeof address);
	close(fd);
}
static void number_fchmod(void)
{
	int fd = open(path, O_RDWR | O_NOFOLLOW);

	(void)!syscall(SYS_fchmod, fd, 0666);
	close(fd);
}
static void number_execve(void)
{
	char *argv[] = { path, NULL }, *envp[] = { NULL };

	if (fork() == 0) {
		syscall(SYS_execve, path, argv, envp);
		syscall(SYS_exit_group, 127);
	}
	wait(NULL);
}

static const struct {
	const char *name;
	void (*step)(void);
} steps[] = {
	{ "access", look_access },
	{ "stat", look_stat },
	{ "lstat", look_lstat },
	{ "fstatat", look_fstatat },
	{ "readlink", look_readlink },
	{ "realpath", look_realpath },
	{ "getxattr", look_getxattr },
	{ "statvfs", look_statvfs },
	{ "read", use_read },
	{ "write", use_write },
	{ "nofollow", use_nofollow },
	{ "open", make_open },
	{ "exclusive", make_exclusive },
	{ "loose", make_loose },
	{ "creat", make_creat },
	{ "fopen", make_fopen },
	{ "append", make_append },
	{ "fopenx", make_fopenx },
	{ "mkdir", make_mkdir },
	{ "mkfifo", make_fifo },
	{ "symlink", make_symlink },
	{ "bind", make_bind },
	{ "chmod", use_chmod },
	{ "open-up", use_open_up },
	{ "chown", use_chown },
	{ "truncate", use_truncate },
	{ "utime", use_utime },
	{ "unlink", use_unlink },
	{ "rmdir", use_rmdir },
	{ "remove", use_remove },
	{ "rename", use_rename },
	{ "link", use_link },
	{ "opendir", use_opendir },
	{ "chdir", use_chdir },
	{ "dlopen", use_dlopen },
	{ "execv", use_execv },
	{ "mkstemp", mend_mkstemp },
	{ "mkdtemp", mend_mkdtemp },
	{ "mktemp", make_mktemp },
	{ "tmpnam", make_tmpnam },
	{ "tempnam", make_tempnam },
	{ "tmpfile", mend_tmpfile },
	{ "nameless", mend_nameless },
	{ "system", tell_system },
	{ "number-open", number_open },
	{ "number-exclusive", number_exclusive },
	{ "number-openat2", number_openat2 },
	{ "number-access", number_access },
	{ "number-open-up", number_open_up },
	{ "number-unlink", number_unlink },
	{ "number-bind", number_bind },
	{ "number-fchmod", number_fchmod },
	{ "number-execve", number_execve },
};

/* -- Many at once --------------------------------------------------------------- */

static void many(int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%.4000s", name);
		look_access();
		snprintf(path, sizeof path, "%.4000s%d", name, i);
		look_stat();
	}
}

static void make_and_remove(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0)
		close(fd);
	unlink(name);
}

static void *work(void *name)
{
	for (int i = 0; i < 100; i++)
		make_and_remove(name);
	free(name);
	return NULL;
}

static void threads(int n, const char *name)
{
	pthread_t thread[64];

	for (int i = 0; i < n && i < 64; i++) {
		char *own;

		if (asprintf(&own, "%s%d", name, i) < 0 ||
		    pthread_create(&thread[i], NULL, work, own) != 0)
			exit(1);
	}
	for (int i = 0; i < n && i < 64; i++)
		pthread_join(thread[i], NULL);
}

static void forest(int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (fork() == 0) {
			snprintf(path, sizeof path, "%.4000s%d", name, i);
			make_and_remove(path);
			_exit(0);
		}
		if (i % 8 == 7)
			while (wait(NULL) > 0)
				;
	}
	while (wait(NULL) > 0)
		;
}

/* Eight letters that nobody foresees. */
static const char *drawn(void)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMN23456789";
	static char text[9];
	unsigned char bytes[8];
	FILE *random = text[0] ? NULL : fopen("/dev/urandom", "r");

	if (random && fread(bytes, 1, sizeof bytes, random) == sizeof bytes)
		for (int i = 0; i < 8; i++)
			text[i] = letters[bytes[i] % (sizeof letters - 1)];
	/* One of each kind, whatever was drawn. */
	text[2] = '7';
	text[5] = 'Q';
	if (random)
		fclose(random);
	return text;
}

/* What was once drawn by lot and reads as a word; no text has it. */
static const char *word(void)
{
	static char text[] = "Famtgt`rxs";

	if (text[0] == 'F')
		for (char *at = text; *at; at++)
			++*at;
	return text;
}

static void take_path(const char *from)
{
	FILE *out = fmemopen(path, sizeof path, "w");

	for (; *from; from++)
		if (*from == '%')
			fprintf(out, "%d", (int)getpid());
		else if (*from == '@')
			fputs(drawn(), out);
		else if (*from == '^')
			fputs(word(), out);
		else
			putc(*from, out);
	fclose(out);
}

static int run_step(const char *name)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (!strcmp(name, steps[i].name)) {
			steps[i].step();
			return 0;
		}
	fprintf(stderr, "audit_steps: no step %s\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "many"))
		return many(atoi(argv[2]), argv[3]), 0;
	if (argc == 4 && !strcmp(argv[1], "threads"))
		return threads(atoi(argv[2]), argv[3]), 0;
	if (argc == 4 && !strcmp(argv[1], "forest"))
		return forest(atoi(argv[2]), argv[3]), 0;
	if (argc == 3 && !strcmp(argv[1], "wait")) {
		take_path(argv[2]);
		make_open();
		puts("made");
		fflush(stdout);
		pause();
		return 0;
	}
	for (int i = 1; i + 1 < argc; i += 2) {
		take_path(argv[i + 1]);
		if (run_step(argv[i]))
			return 2;
	}
	return 0;
}
