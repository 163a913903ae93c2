/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the shim calls where a libc lacks a function (wrap/missing.c), on a libc of which as
 * much is taken away as a test says. See direct.h.
 */
#include "wrap/missing.c"

#include "direct.h"
#include <dlfcn.h>
#include <link.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

/* All names that this libc has, in a test; NULL: those of the machine's own. */
static const char *const *only;
static bool no_library;

const struct link_map *symbols_own(void)
{
	static const struct link_map own;

	return no_library ? NULL : &own;
}

void *symbols_next(const struct link_map *own, const char *name, const char *version)
{
	TRUE(own);
	(void)version;
	for (size_t i = 0; only && strcmp(only[i], name) != 0; i++)
		if (!only[i + 1])
			return NULL;
	return dlsym(RTLD_NEXT, name);
}

const char missing_pointers[] = "of_a_row\0";

static void *find(const char *name)
{
	void *found = missing_find(name);

	TRUE(found);
	return found;
}
#define FIND(name, ...) (((int (*)(__VA_ARGS__))find(name)))

static void by_number(void)
{
	static const char *const nothing[] = { "none", NULL };
	struct statx stx;
	char text[4096];
	long (*statx_)(int, const char *, int, unsigned, struct statx *);
	long (*rename_)(int, const char *, int, const char *, unsigned);
	long (*list)(int, void *, size_t);
	long (*open_)(int, const char *, const void *, size_t);
	const uint64_t how[3] = { O_RDONLY | O_DIRECTORY };
	int fd;

	only = nothing;
	statx_ = find("statx");
	rename_ = find("renameat2");
	list = find("getdents64");
	open_ = find("openat2");
	make_file("/tmp/a", 0, 0640);
	IS(statx_(AT_FDCWD, "/tmp/a", 0, STATX_BASIC_STATS, &stx), 0);
	IS(stx.stx_mode & 07777, 0640);
	make_file("/tmp/b", 0, 0600);
	IS(rename_(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", 1), -1);
	IS(errno, EEXIST);
	TRUE(is_there("/tmp/a"));
	IS(rename_(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/c", 1), 0);
	TRUE(is_there("/tmp/c"));
	fd = (int)open_(AT_FDCWD, "/tmp", how, sizeof how);
	TRUE(fd >= 0);
	TRUE(list(fd, text, sizeof text) > 0);
	close(fd);
	IS(list(fd, text, sizeof text), -1);
	IS(errno, EBADF);
	IS(((long (*)(int, int))find("setns"))(-1, 0), -1);
	IS(errno, EBADF);
	for (const char *const *name =
		     (const char *const[]){ "execveat", "fspick", "mount_setattr",
					    "move_mount", "name_to_handle_at",
					    "open_tree", "open_tree_attr", NULL };
	     *name; name++) {
		IS(((long (*)(int, const char *, long, long, long))find(*name))(
			   -1, "none", 0, 0, -1),
		   -1);
		TRUE(errno);
	}
	only = NULL;
}

/* stat(2) and mknod(2) as they were, and as they are, by what the libc has of both. */
static void old_and_new(void)
{
	static const char *const old[] = { "__xstat",	 "__xstat64",  "__lxstat",
					   "__lxstat64", "__fxstatat", "__fxstatat64",
					   "__xmknod",	 "__xmknodat", NULL },
				 *const plain[] = { "stat", "lstat", "fstatat", NULL },
				 *const nothing[] = { "none", NULL };
	static const struct {
		const char *name;
		bool link, at, numbered;
	} calls[] = {
		{ "stat", false, false, false },
		{ "stat64", false, false, false },
		{ "lstat", true, false, false },
		{ "lstat64", true, false, false },
		{ "fstatat", false, true, false },
		{ "fstatat64", false, true, false },
		{ "__xstat", false, false, true },
		{ "__xstat64", false, false, true },
		{ "__lxstat", true, false, true },
		{ "__lxstat64", true, false, true },
		{ "__fxstatat", false, true, true },
		{ "__fxstatat64", false, true, true },
	};

	make_file("/tmp/file", 0, 0600);
	make_link("file", "/tmp/link", 0);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		for (int has = 0; has < 2; has++) {
			struct stat st = { .st_mode = 0 };
			const int version = STAT_VERSION;
			void *fn;
			int ret;

			only = !has ? nothing : calls[i].numbered ? plain : old;
			/* Itself it never has. */
			fn = find(calls[i].name);
			errno = 0;
			if (calls[i].numbered && calls[i].at)
				ret = ((int (*)(int, int, const char *, void *, int))fn)(
					version, AT_FDCWD, "/tmp/link", &st, 0);
			else if (calls[i].at)
				ret = ((int (*)(int, const char *, void *, int))fn)(
					AT_FDCWD, "/tmp/link", &st, 0);
			else if (calls[i].numbered)
				ret = ((int (*)(int, const char *, void *))fn)(
					version, "/tmp/link", &st);
			else
				ret = ((int (*)(const char *, void *))fn)("/tmp/link",
									  &st);
			IS(ret, has ? 0 : -1);
			IS(errno, has ? 0 : ENOSYS);
			IS(st.st_mode & S_IFMT, !has	      ? 0 :
						calls[i].link ? S_IFLNK :
								S_IFREG);
		}
	for (int has = 0; has < 2; has++) {
		only = has ? old : nothing;
		errno = 0;
		IS(FIND("mknod", const char *, unsigned,
			uint64_t)("/tmp/one", S_IFIFO | 0600, makedev(0, 0)),
		   has ? 0 : -1);
		IS(errno, has ? 0 : ENOSYS);
		IS(FIND("mknodat", int, const char *, unsigned,
			uint64_t)(AT_FDCWD, "/tmp/two", S_IFIFO | 0600, makedev(0, 0)),
		   has ? 0 : -1);
		IS(is_there("/tmp/one") && is_there("/tmp/two"), has);
	}
	only = NULL;
}

/* Names that another libc has for the same function. */
static void twins_and_plain(void)
{
	static const char *const some[] = { "open",    "creat",	   "openat", "__open_2",
					    "getcwd",  "recvfrom", "lstat",  "futimesat",
					    "eaccess", NULL };
	char cwd[PATH_MAX], text[4] = "";
	int fds[2];

	only = some;
	TRUE(find("open64") == dlsym(RTLD_NEXT, "open"));
	TRUE(find("__open_2") == dlsym(RTLD_NEXT, "open"));
	TRUE(find("__open64_2") == dlsym(RTLD_NEXT, "__open_2"));
	TRUE(find("creat64") == dlsym(RTLD_NEXT, "creat"));
	TRUE(find("euidaccess") == dlsym(RTLD_NEXT, "eaccess"));
#ifdef __LP64__
	TRUE(find("__lstat64_time64") == dlsym(RTLD_NEXT, "lstat"));
	TRUE(find("__futimesat64") == dlsym(RTLD_NEXT, "futimesat"));
	TRUE(find("__stat64_time64") == (void *)old_stat);
#endif
	MUST(chdir("/usr") == 0);
	TRUE(((char *(*)(char *))find("getwd"))(cwd) == cwd);
	IS(strcmp(cwd, "/usr"), 0);
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0 &&
	     write(fds[0], "abc", 3) == 3);
	ssize_t (*receive)(int, void *, size_t, size_t, int, void *, void *) =
		find("__recvfrom_chk");
	IS(receive(fds[1], text, 3, 4, 0, NULL, NULL), 3);
	IS(memcmp(text, "abc", 4), 0);
	no_library = true;
	errno = 0;
	TRUE(!((char *(*)(char *))find("getwd"))(cwd));
	IS(receive(fds[1], text, 3, 4, 0, NULL, NULL), -1);
	IS(errno, ENOSYS);
	no_library = false;
	close(fds[0]);
	close(fds[1]);
	only = NULL;
}

/* What ends a program that would write behind a buffer. */
static void ends(const char *name)
{
	int status;
	const pid_t pid = fork();

	MUST(pid >= 0);
	if (pid == 0)
		_exit(FIND(name, int, char *, size_t, size_t, int, void *,
			   void *)(0, NULL, 9, 8, 0, NULL, NULL));
	MUST(waitpid(pid, &status, 0) == pid);
	TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* What is nowhere fails as its kind of function does: with ENOSYS. */
static void nowhere(void)
{
	static const char *const nothing[] = { "none", NULL }, *const checked[] = {
		"__recvfrom_chk", "__readlink_chk",  "__readlinkat_chk",
		"__realpath_chk", "__ttyname_r_chk", NULL
	};

	only = nothing;
	for (const char *const *name = checked; *name; name++)
		ends(*name);
	for (const char *const *name =
		     (const char *const[]){ "tmpnam_r", "tmpfile64",
					    "canonicalize_file_name", "of_a_row", NULL };
	     *name; name++) {
		errno = 0;
		TRUE(!((void *(*)(char *))find(*name))(NULL));
		IS(errno, ENOSYS);
	}
	IS(FIND("pidfd_spawn", int *)(NULL), ENOSYS);
	IS(FIND("posix_spawn_file_actions_addchdir_np", int *)(NULL), ENOSYS);
	for (const char *const *name =
		     (const char *const[]){ "open", "open64", "__open_2", "euidaccess",
					    "fopen_time64",
					    "a_name_that_is_longer_than_any_function_of_"
					    "any_libc_has_ever_been_called_64",
					    NULL };
	     *name; name++) {
		errno = 0;
		IS(FIND(*name, const char *)("/tmp"), -1);
		IS(errno, ENOSYS);
	}
	only = NULL;
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "by_number", by_number },
		{ "old_and_new", old_and_new },
		{ "twins", twins_and_plain },
		{ "nowhere", nowhere },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
