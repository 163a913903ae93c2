/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * little_stack list          the names of the calls, a line each
 * little_stack ROOM CALL     that call, in a signal handler whose stack has ROOM bytes beyond
 *                            the least. 0: it has come back; a stack that is too small ends
 *                            the program by SIGSEGV
 *
 * Bound at once: the linker's saving of registers would take most of such a stack.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

extern char **environ;

static const char file[] = "/tmp/file";
static struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/tmp/socket" };
static char room[8192];
static struct stat st;
static struct statvfs vfs;
static int bound, apart;
static DIR *dir;
static char program[] = "/bin/true";
static char *const arguments[] = { program, NULL };

/* What happens to a child on this stack shows in how it ends. */
static void await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status != 0)
		_exit(1);
}

static void by_fork(int (*execute)(const char *, char *const[]))
{
	pid_t pid = fork();

	if (pid == 0) {
		if (execute)
			execute(program, arguments);
		_exit(execute != NULL);
	}
	await(pid);
}

static void call_spawn(void)
{
	pid_t pid = 0;

	if (posix_spawn(&pid, program, NULL, NULL, arguments, environ) == 0)
		await(pid);
}

static void call_temporary(int (*make)(char *))
{
	strcpy(room, "/tmp/made-XXXXXX");
	close(make(room));
}

/* clang-format off */
static void call_stat(void) { stat(file, &st); }
static void call_relative(void) { stat("tmp/file", &st); }
static void call_open(void) { close(open("/tmp/made", O_RDWR | O_CREAT, 0600)); }
static void call_unlink(void) { unlink("/tmp/made"); }
static void call_rename(void) { (void)!rename(file, "/tmp/../tmp/renamed"); }
static void call_link(void) { (void)!link(file, "/tmp/linked"); }
static void call_symlink(void) { (void)!symlink("file", "/tmp/symlink"); }
static void call_readlink(void) { (void)!readlink("/proc/self/cwd", room, sizeof room); }
static void call_getcwd(void) { (void)!getcwd(room, sizeof room); }
static void call_chdir(void) { (void)!chdir("/tmp"); }
static void call_fchdir(void) { (void)!fchdir(apart); }
static void call_statvfs(void) { statvfs("/tmp", &vfs); }
static void call_getxattr(void) { (void)!getxattr(file, "user.none", room, sizeof room); }
static void call_mkstemp(void) { call_temporary(mkstemp); }
static void call_bind(void) { (void)!bind(bound, (struct sockaddr *)&address, sizeof address); }
static void call_connect(void) { (void)!connect(bound, (struct sockaddr *)&address, sizeof address); }
static void call_readdir(void) { (void)!readdir(dir); }
static void call_opendir(void) { closedir(opendir("/tmp")); }
static void call_fork(void) { by_fork(NULL); }
static void call_execv(void) { by_fork(execv); }
static void call_execvp(void) { by_fork(execvp); }
static void call_inotify(void) { inotify_add_watch(inotify_init(), "/tmp", IN_CREATE); }
static void call_syscall(void) { syscall(SYS_openat, AT_FDCWD, file, O_RDONLY); }
static void call_chroot(void) { (void)!chroot("/"); }
static void call_exit(void) { _exit(0); }
/* clang-format on */

#define CALL(name) \
	{ \
#name, call_##name \
	}

static const struct {
	const char *name;
	void (*call)(void);
} calls[] = {
	CALL(stat),    CALL(relative), CALL(open),     CALL(unlink),  CALL(rename),
	CALL(link),    CALL(symlink),  CALL(readlink), CALL(getcwd),  CALL(chdir),
	CALL(fchdir),  CALL(statvfs),  CALL(getxattr), CALL(mkstemp), CALL(bind),
	CALL(connect), CALL(readdir),  CALL(opendir),  CALL(fork),    CALL(execv),
	CALL(execvp),  CALL(spawn),    CALL(inotify),  CALL(syscall), CALL(chroot),
	CALL(exit),
};

enum { CALLS = sizeof calls / sizeof *calls };

static size_t chosen;

static void handle(int number)
{
	(void)number;
	calls[chosen].call();
}

/* A stack of SIZE bytes, and nothing for a long way below it. */
static void use_stack(size_t size)
{
	const size_t nothing = 1 << 20;
	char *at = mmap(NULL, nothing + size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const stack_t stack = { .ss_size = size, .ss_sp = at + nothing };

	if (at == MAP_FAILED || mprotect(at, nothing, PROT_NONE) < 0 ||
	    sigaltstack(&stack, NULL) < 0)
		exit(2);
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = handle, .sa_flags = SA_ONSTACK };

	if (argc == 2)
		for (size_t i = 0; i < CALLS; i++)
			puts(calls[i].name);
	if (argc != 3)
		return argc != 2;
	while (chosen < CALLS && strcmp(calls[chosen].name, argv[2]) != 0)
		chosen++;
	if (chosen == CALLS)
		return 2;
	/* What is done before: the session is made, and has something to remove. */
	close(open(file, O_RDWR | O_CREAT, 0600));
	close(open("/var/tmp/little_stack", O_RDWR | O_CREAT, 0600));
	(void)!unlink("/var/tmp/little_stack");
	bound = socket(AF_UNIX, SOCK_DGRAM, 0);
	apart = open("/", O_RDONLY | O_DIRECTORY);
	dir = opendir("/tmp");
	if (chdir("/") < 0)
		return 2;
	use_stack((size_t)sysconf(_SC_MINSIGSTKSZ) + strtoul(argv[1], NULL, 10));
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	return 0;
}
