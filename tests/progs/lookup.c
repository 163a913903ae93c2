/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ways to a function that go past the order in which objects were loaded.
 *
 *     lookup WAY FILE [OBJECT]
 *
 * makes FILE by creat, which it finds by WAY, and says whether that and stat went
 * well. OBJECT has make_it and find_it, which call creat and dlsym(RTLD_DEFAULT).
 *
 *     lookup spaces FILE OBJECT     the same in many namespaces, one after the other
 *     lookup failing FILE OBJECT    what make_it says of FILE from a namespace
 *     lookup newer FILE             functions that libc may lack
 *     lookup second FILE NAME=VALUE     makes FILE in a new image that has the variable twice
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int make_fn(const char *path, unsigned mode);
typedef void *find_fn(const char *name);

static void *need(void *found)
{
	if (!found) {
		printf("%s\n", dlerror());
		exit(1);
	}
	return found;
}

/* Objects that bind lazily do so when make_it first runs. */
static void *deep(const char *object, int mode)
{
#ifdef RTLD_DEEPBIND
	return need(dlopen(object, mode | RTLD_DEEPBIND));
#else
	(void)mode;
	return need(dlopen(object, RTLD_NOW));
#endif
}

static void *space(const char *object)
{
#ifdef LM_ID_NEWLM
	return need(dlmopen(LM_ID_NEWLM, object, RTLD_NOW));
#else
	return need(dlopen(object, RTLD_NOW));
#endif
}

/* The name that creat's version has here; glibc's first. */
static void *by_version(void *handle)
{
	static const char *const version[] = {
		"GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.0", "GLIBC_2.4", "GLIBC_2.27",
	};
	void *found = NULL;

#ifdef __GLIBC__
	for (size_t i = 0; !found && i < sizeof version / sizeof *version; i++)
		found = dlvsym(handle, "creat", version[i]);
#else
	(void)version;
	found = dlsym(handle, "creat");
#endif
	return need(found);
}

static void *libc(void)
{
#ifdef __GLIBC__
	return need(dlopen("libc.so.6", RTLD_NOW));
#else
	return need(dlopen("libc.so", RTLD_NOW));
#endif
}

static make_fn *find(const char *way, const char *object)
{
	if (!strcmp(way, "handle"))
		return (make_fn *)need(dlsym(libc(), "creat"));
	if (!strcmp(way, "version"))
		return (make_fn *)by_version(RTLD_DEFAULT);
	if (!strcmp(way, "handle-version"))
		return (make_fn *)by_version(libc());
	if (!strcmp(way, "object"))
		return (make_fn *)need(dlsym(need(dlopen(object, RTLD_NOW)), "make_it"));
	if (!strcmp(way, "deep"))
		return (make_fn *)need(dlsym(deep(object, RTLD_NOW), "make_it"));
	if (!strcmp(way, "deep-lazy"))
		return (make_fn *)need(dlsym(deep(object, RTLD_LAZY), "make_it"));
	if (!strcmp(way, "deep-handle"))
		return (make_fn *)need(dlsym(deep(object, RTLD_NOW), "creat"));
	if (!strcmp(way, "deep-default"))
		return (make_fn *)need(((find_fn *)need(
			dlsym(deep(object, RTLD_NOW), "find_it")))("creat"));
	if (!strcmp(way, "space"))
		return (make_fn *)need(dlsym(space(object), "make_it"));
	if (!strcmp(way, "space-handle"))
		return (make_fn *)need(dlsym(space(object), "creat"));
	if (!strcmp(way, "space-default"))
		return (make_fn *)need(
			((find_fn *)need(dlsym(space(object), "find_it")))("creat"));
	return (make_fn *)need(dlsym(RTLD_DEFAULT, "creat"));
}

static int make(const char *way, const char *file, const char *object)
{
	int fd = find(way, object)(file, 0600);
	int error = errno;
	struct stat st;
	const char *seen = stat(file, &st) < 0 ? "not seen" :
			   S_ISDIR(st.st_mode) ? "a directory" :
						 "seen";

	printf("%s: %s, %s\n", way, fd >= 0 ? "made" : strerror(error), seen);
	return 0;
}

static int spaces(const char *file, const char *object)
{
	for (int i = 0; i < 40; i++) {
		void *handle = space(object);
		int fd = ((make_fn *)need(dlsym(handle, "make_it")))(file, 0600);

		if (fd < 0 || access(file, F_OK) < 0)
			return 1;
		close(fd);
		unlink(file);
		dlclose(handle);
	}
	puts("40");
	return 0;
}

static int failing(const char *file, const char *object)
{
	const char *(*say)(const char *) =
		(const char *(*)(const char *))need(dlsym(space(object), "say_it"));

	printf("%s\n", say(file));
	return 0;
}

/*
 * Functions that newer libcs have, asked for by name: one that works by its twin, one
 * by number, and two that cannot where libc has nothing.
 */
static int newer(const char *file)
{
	int (*chdir_to)(void *, const char *);
	int (*rename_to)(int, const char *, int, const char *, unsigned);
	int (*spawn)(int *, const char *, const void *, const void *, char *const *,
		     char *const *);
	int (*set_times)(int, const char *, const struct timeval *);
	int (*look)(const char *, struct stat *);
	char *(*show)(const time_t *);
	struct timeval times[2] = { { .tv_sec = 5 }, { .tv_sec = 86400 } };
	struct stat st;
	void *libcs = dlsym(libc(), "pidfd_spawn");
	char *argv[] = { NULL }, other[4096];
	posix_spawn_file_actions_t actions;
	int fd, pid;

	*(void **)&chdir_to = dlsym(RTLD_DEFAULT, "posix_spawn_file_actions_addchdir");
	*(void **)&rename_to = dlsym(RTLD_DEFAULT, "renameat2");
	*(void **)&spawn = dlsym(RTLD_DEFAULT, "pidfd_spawn");
	/* As Java does, to set times of a descriptor's file. */
	*(void **)&set_times = dlsym(RTLD_DEFAULT, "__futimesat64");
	*(void **)&look = dlsym(RTLD_DEFAULT, "__lstat64_time64");
	*(void **)&show = dlsym(RTLD_DEFAULT, "__ctime64");
	if (!chdir_to || !rename_to || !spawn) {
		puts("not there");
		return 0;
	}
	posix_spawn_file_actions_init(&actions);
	printf("addchdir: %d\n", chdir_to(&actions, "/"));
	posix_spawn_file_actions_destroy(&actions);
	fd = creat(file, 0600);
	/* They would mean something else where a long has 32 bits. */
	if (sizeof(long) == 8 && set_times && look && show) {
		printf("__futimesat64: %d", set_times(fd, NULL, times));
		printf(", %d", set_times(AT_FDCWD, file, times));
		printf(", %d", look(file, &st));
		printf(", %ld, %s", (long)st.st_mtime, show(&st.st_mtime));
	}
	close(fd);
	snprintf(other, sizeof other, "%s.other", file);
	fd = rename_to(AT_FDCWD, file, AT_FDCWD, other, 0);
	printf("renameat2: %d, %s\n", fd, access(other, F_OK) == 0 ? "seen" : "not seen");
	unlink(other);
	printf("pidfd_spawn: %s\n",
	       libcs ? "libc's" :
		       strerror(spawn(&pid, "/bin/true", NULL, NULL, argv, NULL)));
	return 0;
}

static int second(char *self, char *file, char *variable)
{
	extern char **environ;
	char way[] = "plain";
	char *argv[] = { self, way, file, NULL };
	size_t n = 0;

	while (environ[n])
		n++;
	char *envp[n + 2];

	memcpy(envp, environ, n * sizeof *envp);
	envp[n] = variable;
	envp[n + 1] = NULL;
	execve(self, argv, envp);
	return 127;
}

int main(int argc, char **argv)
{
	const char *object = argc > 3 ? argv[3] : NULL;

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "spaces"))
		return spaces(argv[2], object);
	if (!strcmp(argv[1], "failing"))
		return failing(argv[2], object);
	if (!strcmp(argv[1], "newer"))
		return newer(argv[2]);
	if (!strcmp(argv[1], "second") && argc > 3)
		return second(argv[0], argv[2], argv[3]);
	return make(argv[1], argv[2], object);
}
