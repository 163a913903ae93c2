/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * abi WHAT DIR: call what takes or hands out paths, in DIR, and print each result
 * in a form that does not change from run to run. Without and with the shim the
 * same has to come out, whatever libc and word size it is built for: offsets and
 * times of 64 bits, structures of libc's, arguments in pairs of registers.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__ /* by <dirent.h> */
#include <fts.h>
#endif
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

static const char *self;

/* Prints a call's result, and why it failed. */
static void say(const char *what, long long result)
{
	if (result == -1)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %lld\n", what, result);
	errno = 0;
}

static void say_text(const char *what, const char *text)
{
	printf("%s: %s\n", what, text ? text : strerror(errno));
	errno = 0;
}

#define SAY(call) say(#call, (call))
#define SAY_TEXT(call) say_text(#call, (call))

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return (int)n;
}

/* A time that somebody set, or 0 for one that is now. */
static long long moment(time_t seconds)
{
	return seconds > time(NULL) - 1000 ? 0 : (long long)seconds;
}

static void say_stat(const char *what, int ret, const struct stat *st)
{
	if (ret < 0) {
		say(what, -1);
		return;
	}
	printf("%s: %o %lld %ld %ld, times %lld %lld\n", what, (unsigned)st->st_mode,
	       (long long)st->st_size, (long)st->st_nlink, (long)st->st_uid,
	       moment(st->st_mtime), moment(st->st_atime));
}

/* -- Files -- */

static void files(const char *dir)
{
	const struct timespec late[2] = { { 5000, 1 }, { 6000, 2 } };
	const struct timeval times[2] = { { 7000, 0 }, { 8000, 0 } };
	const struct utimbuf old = { 1000, 2000 };
	struct statvfs fs;
	struct stat st;
	int fd, dirfd;

	SAY(chdir(dir));
	SAY(put("/tmp/../tmp/nowhere/x", ""));
	SAY(put("a", "hello"));
	say_stat("stat", stat("a", &st), &st);
	SAY(truncate("a", 6000000000LL >> (sizeof(off_t) == 4 ? 2 : 0)));
	say("size", stat("a", &st) < 0 ? -1 : st.st_size);
	SAY(utime("a", &old));
	say_stat("utime", stat("a", &st), &st);
	SAY(utimes("a", times));
	say_stat("utimes", stat("a", &st), &st);
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	SAY(utimensat(dirfd, "a", late, 0));
	say_stat("utimensat", fstatat(dirfd, "a", &st, 0), &st);
	fd = openat(dirfd, "b", O_RDWR | O_CREAT | O_EXCL, 0604);
	say_stat("openat", fstat(fd, &st), &st);
	SAY(openat(dirfd, "b", O_RDWR | O_CREAT | O_EXCL, 0604));
	SAY(write(fd, "0123456789", 10));
	SAY(pwrite(fd, "x", 1, 5));
	SAY(lseek(fd, 0, SEEK_END));
	close(fd);
	SAY(chmod("b", 0600));
	SAY(chown("b", (uid_t)-1, (gid_t)-1));
	SAY(lchown("b", getuid(), getgid()));
	SAY(access("b", R_OK | W_OK));
	SAY(faccessat(dirfd, "nothing", F_OK, 0));
	SAY(link("b", "c"));
	SAY(symlink(dir, "away"));
	SAY(symlink("/tmp", "top"));
	say_stat("lstat", lstat("top", &st), &st);
	SAY(rename("c", "away/d"));
	SAY(renameat(dirfd, "d", AT_FDCWD, "away/top/../e"));
	SAY(renameat(dirfd, "d", AT_FDCWD, "e"));
	SAY(mkdir("sub", 0750));
	SAY(mkdirat(dirfd, "sub/sub", 0700));
	SAY(mkfifo("sub/fifo", 0600));
	SAY(mknod("sub/node", S_IFREG | 0600, 0));
	SAY(rmdir("sub"));
	SAY(unlink("sub"));
	SAY(unlinkat(dirfd, "sub/node", 0));
	SAY(unlinkat(dirfd, "sub/sub", AT_REMOVEDIR));
	SAY(remove("sub/fifo"));
	SAY(rmdir("sub"));
	SAY(statvfs("a", &fs));
	SAY(pathconf("a", _PC_NAME_MAX));
	SAY(stat((const char *)16, &st));
	SAY(mkdir("/tmp", 0700));
	SAY(rmdir("/tmp"));
	close(dirfd);
}

/* -- Paths that come out -- */

static void paths(const char *dir)
{
	char buf[PATH_MAX], small[4];
	struct stat st;

	SAY(chdir(dir));
	SAY_TEXT(getcwd(buf, sizeof buf));
	SAY_TEXT(getcwd(small, sizeof small));
	put("file", "x");
	SAY(symlink("file", "near"));
	SAY(symlink("../..", "up"));
	SAY_TEXT(realpath("near", buf));
	SAY_TEXT(realpath("up/tmp", buf));
	SAY_TEXT(realpath("gone", buf));
	SAY_TEXT(realpath("../../var/../tmp", NULL));
	SAY(readlink("near", buf, sizeof buf));
	SAY(readlink("near", buf, 2));
	/* musl reads a byte of its own. */
	SAY(readlinkat(AT_FDCWD, "file", buf, 0));
	snprintf(buf, sizeof buf, "%s/near", dir);
	SAY(readlink(buf, small, 0));
	SAY(chdir("/tmp/./"));
	SAY_TEXT(getcwd(NULL, 0));
	SAY(chdir(".."));
	SAY_TEXT(getcwd(buf, sizeof buf));
	SAY(stat("tmp/gone", &st));
	SAY(chdir("tmp"));
	SAY_TEXT(getcwd(buf, sizeof buf));
	SAY(fchdir(-1));
}

/* -- Names for temporary files -- */

/* Prints a made name with its random part as "?". */
static void say_name(const char *what, const char *name, size_t fixed)
{
	struct stat st;

	if (!name) {
		say_text(what, NULL);
		return;
	}
	printf("%s: %.*s", what, (int)fixed, name);
	for (size_t i = fixed; name[i]; i++)
		putchar('?');
	printf(" %o\n", stat(name, &st) < 0 ? 0 : (unsigned)st.st_mode);
	errno = 0;
}

static void names(const char *dir)
{
	char template[PATH_MAX];
	size_t n = strlen(dir) + 2;
	FILE *file;

	snprintf(template, sizeof template, "%s/tXXXXXX", dir);
	close(mkstemp(template));
	say_name("mkstemp", template, n);
	snprintf(template, sizeof template, "%s/tXXXXXX", dir);
	say_name("mkdtemp", mkdtemp(template), n);
	snprintf(template, sizeof template, "%s/tXXXXXX.txt", dir);
	close(mkstemps(template, 4));
	template[n + 6] = '\0';
	say_name("mkstemps", template, n);
	snprintf(template, sizeof template, "%s/tXXX", dir);
	SAY(mkstemp(template));
	file = tmpfile();
	SAY(fputs("x", file) >= 0 && fclose(file) == 0);
}

/* -- Walking -- */

static int visits;

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	visits++;
	return ftw->level > 5 || !st || type == FTW_NS || path[0] != '/';
}

/* Numbers of types differ from libc to libc. */
static int tell(const char *path, const struct stat *st, int type)
{
	static const char *const names[] = {
		[FTW_F] = "file", [FTW_D] = "directory", [FTW_SL] = "link", [FTW_NS] = "unknown"
	};

	(void)st;
	if (!strcmp(path + strlen(path) - 4, "link"))
		printf("ftw: %s %s\n", strrchr(path, '/'), names[type]);
	visits++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

#ifdef __GLIBC__
static int fts_by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void by_fts(char *const *paths, int options)
{
	FTS *fts = fts_open(paths, options, fts_by_name);
	FTSENT *e;

	while (fts && (e = fts_read(fts)))
		printf("fts: %s, %s: %d %lld\n", e->fts_path, e->fts_accpath, e->fts_info,
		       S_ISREG(e->fts_statp->st_mode) ? (long long)e->fts_statp->st_size :
							0LL);
	SAY(fts ? fts_close(fts) : -1);
}

/* Looks for DIR in /tmp on the way from the root, and nowhere else. */
static void from_above(const char *dir)
{
	char root[] = "/", *paths[] = { root, NULL };
	FTS *fts = fts_open(paths, FTS_PHYSICAL, fts_by_name);
	FTSENT *e;
	int found = 0;

	while (fts && (e = fts_read(fts))) {
		if (e->fts_level == 2 && !strcmp(e->fts_path, dir))
			found++;
		if (e->fts_level > 1 || (e->fts_level == 1 && strcmp(e->fts_name, "tmp")))
			fts_set(fts, e, FTS_SKIP);
	}
	printf("from above: %d\n", found);
	SAY(fts ? fts_close(fts) : -1);
}
#endif

static void walks(const char *dir)
{
	struct dirent **list, *entry;
	char *seen[16], pattern[PATH_MAX];
	size_t n = 0;
	glob_t found;
	DIR *stream;

	SAY(chdir(dir));
	put("one", "1");
	put("two", "22");
	SAY(mkdir("three", 0700));
	put("three/four", "");
	stream = opendir(dir);
	while (stream && n < 16 && (entry = readdir(stream)))
		seen[n++] = strdup(entry->d_name);
	if (stream)
		closedir(stream);
	qsort(seen, n, sizeof *seen, by_name);
	for (size_t i = 0; i < n; i++)
		printf("readdir: %s\n", seen[i]);
	SAY(scandir(".", &list, NULL, alphasort));
	say_text("scandir", list[2]->d_name);
	SAY(nftw(dir, visit, 8, FTW_PHYS));
	printf("visits: %d\n", visits);
	/* A link to a directory: glibc's goes there, musl's tells of a link. */
	visits = 0;
	SAY(symlink("three", "link"));
	SAY(ftw(dir, tell, 8));
	SAY(unlink("link"));
	printf("visits: %d\n", visits);
	snprintf(pattern, sizeof pattern, "/t?p%s/t*", dir + 4);
	SAY(glob(pattern, 0, NULL, &found));
	for (size_t i = 0; i < found.gl_pathc; i++)
		printf("glob: %s\n", found.gl_pathv[i]);
	globfree(&found);
#ifdef __GLIBC__ /* musl has it in a library of its own */
	SAY(symlink("three", "five"));
	by_fts((char *const[]){ (char *)dir, (char *)"three", NULL }, FTS_PHYSICAL);
	by_fts((char *const[]){ (char *)".", NULL }, FTS_LOGICAL);
	from_above(dir);
#endif
}

/* -- Sockets, watches -- */

static void sockets(const char *dir)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX }, other;
	struct iovec text = { (char *)"hello", 5 };
	struct msghdr message = { .msg_name = &name,
				  .msg_namelen = sizeof name,
				  .msg_iov = &text,
				  .msg_iovlen = 1 };
	socklen_t len = sizeof other;
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int from = socket(AF_UNIX, SOCK_DGRAM, 0), watch = inotify_init();
	char buf[16];

	snprintf(name.sun_path, sizeof name.sun_path, "%s/s", dir);
	SAY(inotify_add_watch(watch, dir, IN_CREATE));
	SAY(bind(fd, (struct sockaddr *)&name, sizeof name));
	SAY(poll(&(struct pollfd){ .fd = watch, .events = POLLIN }, 1, 1000));
	SAY(getsockname(fd, (struct sockaddr *)&other, &len));
	say_text("name", other.sun_path);
	SAY(sendmsg(from, &message, 0));
	SAY(recv(fd, buf, sizeof buf, MSG_DONTWAIT));
	SAY(connect(from, (struct sockaddr *)&name, sizeof name));
	len = sizeof other;
	SAY(getpeername(from, (struct sockaddr *)&other, &len));
	say_text("peer", other.sun_path);
	close(fd);
	close(from);
	close(watch);
}

/* -- System calls by number -- */

static void numbers(const char *dir)
{
	char path[PATH_MAX], buf[PATH_MAX];
	long fd;

	SAY(chdir(dir));
	snprintf(path, sizeof path, "%s/n", dir);
	fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0600);
	say("openat", fd < 0 ? -1 : 0);
	close((int)fd);
	SAY(syscall(SYS_mkdirat, AT_FDCWD, "/tmp/../tmp", 0700));
	SAY(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
	SAY(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
	SAY(syscall(SYS_getcwd, buf, sizeof buf) > 0 ? 0 : -1);
	say_text("cwd", buf);
}

/* -- Programs -- */

static int finish(pid_t pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) < 0 ? -1 : status;
}

static pid_t execute(const char *path, char *const argv[])
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execv(path, argv);
		_exit(126);
	}
	return pid;
}

static int copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0755);
	char room[4096];
	ssize_t n = -1;

	while (in >= 0 && out >= 0 && (n = read(in, room, sizeof room)) > 0)
		if (write(out, room, (size_t)n) != n)
			return -1;
	close(in);
	close(out);
	return (int)n;
}

static void programs(const char *dir)
{
	char command[PATH_MAX + 64], line[PATH_MAX] = "", *argv[4];
	posix_spawn_file_actions_t actions;
	struct stat st;
	FILE *pipe;
	pid_t pid;

	SAY(chdir(dir));
	argv[0] = (char *)"child";
	argv[1] = (char *)"child";
	argv[2] = (char *)"by-exec";
	argv[3] = NULL;
	pid = execute(self, argv);
	SAY(finish(pid));
	say("by-exec", stat("by-exec", &st));

	posix_spawn_file_actions_init(&actions);
	snprintf(command, sizeof command, "%s/spawned", dir);
	SAY(posix_spawn_file_actions_addopen(&actions, 1, command, O_WRONLY | O_CREAT,
					     0600));
	argv[2] = (char *)"by-spawn";
	SAY(posix_spawn(&pid, self, &actions, NULL, argv, environ));
	SAY(finish(pid));
	posix_spawn_file_actions_destroy(&actions);
	say("by-spawn", stat("by-spawn", &st));
	say("spawned", stat("spawned", &st) < 0 ? -1 : st.st_size);

	snprintf(command, sizeof command, "%s child by-system", self);
	fflush(stdout);
	SAY(system(command));
	say("by-system", stat("by-system", &st));
	snprintf(command, sizeof command, "%s child by-popen", self);
	pipe = popen(command, "r");
	say_text("line", pipe ? fgets(line, sizeof line, pipe) : NULL);
	SAY(pipe ? pclose(pipe) : -1);
	say("by-popen", stat("by-popen", &st));
	/* Itself, in the directory: not by a shell, which an emulator does not emulate. */
	SAY(copy(self, "own"));
	snprintf(command, sizeof command, "%s/own", dir);
	argv[0] = command;
	argv[2] = (char *)"by-own";
	pid = execute(command, argv);
	SAY(finish(pid));
}

/* What a program that was started does: a file and a line, with the kernel's name for it. */
static int child(const char *name)
{
	if (put(name, "x") != 1)
		return 1;
	printf("here, %s\n", (const char *)getauxval(AT_EXECFN));
	return 0;
}

/* -- Old programs' stacks -- */

static int sink(void)
{
	char buf[PATH_MAX], template[] = "/tmp/abiXXXXXX";
	struct stat st;
	int fd = mkstemp(template);

	close(fd);
	SAY(symlink(template, "link"));
	say("link", stat("../tmp/../tmp/link", &st));
	say("where", realpath("link", buf) && !strcmp(buf, template) ? 0 : -1);
	SAY(unlink("link"));
	SAY(rename(template, "/tmp/renamed"));
	SAY(unlink("/tmp/renamed"));
	return fd;
}

/* On 32 bits the ABI of old asks for no more than a stack aligned to words. */
static void stack(const char *dir)
{
	int ret = sink();

	(void)dir;
#ifdef __i386__
	for (unsigned off = 4; off < 16; off += 4)
		__asm__ volatile("movl %%esp, %%ebx\n\t"
				 "andl $-16, %%esp\n\t"
				 "subl %2, %%esp\n\t"
				 "call *%1\n\t"
				 "movl %%ebx, %%esp"
				 : "=a"(ret)
				 : "r"(sink), "r"(off)
				 : "ebx", "ecx", "edx", "memory", "cc");
#endif
	say("stack", ret < 0 ? -1 : 0);
}

/* -- What programs get that were linked long ago -- */

#ifdef __GLIBC__
static const char *const ages[] = { "GLIBC_2.0", "GLIBC_2.1", "GLIBC_2.2", "GLIBC_2.2.5",
				    "GLIBC_2.17" };

/* The oldest version of NAME that there is, as ld.so finds it. */
static void *oldest(const char *name)
{
	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
		void *found = dlvsym(RTLD_DEFAULT, name, ages[i]);

		if (found)
			return found;
	}
	return NULL;
}

static void old(const char *dir)
{
	char *(*old_realpath)(const char *, char *) = oldest("realpath");
	int (*old_chown)(const char *, uid_t, gid_t) = oldest("chown");
	int (*old_nftw)(const char *, __typeof__(visit) *, int, int) = oldest("nftw");
	int (*old_spawn)(pid_t *, const char *, const void *, const void *, char *const *,
			 char *const *) = oldest("posix_spawn");
	char *argv[] = { (char *)"plain", NULL };
	struct stat st;
	pid_t pid = 0;

	SAY(chdir(dir));
	put("plain", "touch from-plain\n");
	SAY(chmod("plain", 0700));
	SAY(symlink("nowhere", "dangling"));
	SAY_TEXT(old_realpath("plain", NULL));
	SAY(old_nftw(dir, visit, 8, 0x8000 | FTW_PHYS));
	SAY(nftw(dir, visit, 8, 0x8000 | FTW_PHYS));
	SAY(old_chown("dangling", getuid(), getgid()));
	fflush(stdout);
	errno = old_spawn(&pid, "./plain", NULL, NULL, argv, environ);
	say("old_spawn", errno ? -1 : finish(pid));
	say("from-plain", stat("from-plain", &st));
	errno = posix_spawn(&pid, "./plain", NULL, NULL, argv, environ);
	say("posix_spawn", errno ? -1 : finish(pid));
}
#else
static void old(const char *dir)
{
	(void)dir;
	puts("this libc has one version of each function");
}
#endif

/* -- What there is -- */

/* Whether this libc has each of the functions named. */
static void probes(int n, char **name)
{
	for (int i = 0; i < n; i++)
		printf("%s: %s\n", name[i],
		       dlsym(RTLD_DEFAULT, name[i]) ? "there" : "not there");
}

int main(int argc, char **argv)
{
	const struct {
		const char *name;
		void (*run)(const char *dir);
	} parts[] = {
		{ "files", files },	  { "paths", paths },	  { "names", names },
		{ "walks", walks },	  { "sockets", sockets }, { "numbers", numbers },
		{ "programs", programs }, { "stack", stack },	  { "old", old },
	};

	self = argv[0];
	umask(022);
	if (argc > 1 && !strcmp(argv[1], "probes")) {
		probes(argc - 2, argv + 2);
		return 0;
	}
	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "child"))
		return child(argv[2]);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strcmp(argv[1], parts[i].name)) {
			if (mkdir(argv[2], 0755) < 0)
				perror(argv[2]);
			parts[i].run(argv[2]);
			return 0;
		}
	return 2;
}
