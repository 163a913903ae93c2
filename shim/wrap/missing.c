/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See missing.h. The replacements behave like libc's functions, errno included. A
 * function is known by its name alone, which tells its return type.
 */
#define _GNU_SOURCE
#include "wrap/missing.h"
#include "core/sys.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static void *behind(const char *name)
{
	const struct link_map *own = symbols_own();

	return own ? symbols_next(own, name, NULL) : NULL;
}

/* -- By number -- */

static long libc_result(long ret)
{
	if (!sys_failed(ret))
		return ret;
	errno = (int)-ret;
	return -1;
}

/* The kernel ignores surplus arguments. */
#define NUMBERED(DO) \
	DO(execveat) \
	DO(fspick) \
	DO(getdents64) \
	DO(mount_setattr) \
	DO(move_mount) \
	DO(name_to_handle_at) \
	DO(open_tree) \
	DO(open_tree_attr) \
	DO(openat2) \
	DO(renameat2) \
	DO(setns) \
	DO(statx)

#define BY_NUMBER(name) \
	static long by_##name(long a, long b, long c, long d, long e, long f) \
	{ \
		return libc_result(sys_call(SYS_##name, a, b, c, d, e, f)); \
	}

NUMBERED(BY_NUMBER)

/* -- What stat and mknod were before glibc 2.33 -- */

#ifdef __LP64__
#if defined __x86_64__ || defined __powerpc64__ || defined __s390x__
enum { STAT_VERSION = 1 };
#else
enum { STAT_VERSION = 0 };
#endif
#else
enum { STAT_VERSION = 3 };
#endif

/* The first that exists of two names. */
static void *either(const char *one, const char *other)
{
	void *found = behind(one);

	return found ? found : behind(other);
}

static int not_there(void)
{
	errno = ENOSYS;
	return -1;
}

#define OLD_STAT(name, old) \
	static int old_##name(const char *path, void *out) \
	{ \
		int (*real)(int, const char *, void *) = behind(old); \
		return real ? real(STAT_VERSION, path, out) : not_there(); \
	}

OLD_STAT(stat, "__xstat")
OLD_STAT(stat64, "__xstat64")
OLD_STAT(lstat, "__lxstat")
OLD_STAT(lstat64, "__lxstat64")

#define OLD_STATAT(name, old) \
	static int old_##name(int fd, const char *path, void *out, int flags) \
	{ \
		int (*real)(int, int, const char *, void *, int) = behind(old); \
		return real ? real(STAT_VERSION, fd, path, out, flags) : not_there(); \
	}

OLD_STATAT(fstatat, "__fxstatat")
OLD_STATAT(fstatat64, "__fxstatat64")

static int old_mknod(const char *path, unsigned mode, uint64_t device)
{
	int (*real)(int, const char *, unsigned, void *) = behind("__xmknod");

	return real ? real(0, path, mode, &device) : not_there();
}

static int old_mknodat(int fd, const char *path, unsigned mode, uint64_t device)
{
	int (*real)(int, int, const char *, unsigned, void *) = behind("__xmknodat");

	return real ? real(0, fd, path, mode, &device) : not_there();
}

/* And the other way round, where there have never been those. */
#define NEW_STAT(name, one, other) \
	static int new_##name(int version, const char *path, void *out) \
	{ \
		int (*real)(const char *, void *) = either(one, other); \
		(void)version; \
		return real ? real(path, out) : not_there(); \
	}

NEW_STAT(__xstat, "stat", "stat64")
NEW_STAT(__xstat64, "stat64", "stat")
NEW_STAT(__lxstat, "lstat", "lstat64")
NEW_STAT(__lxstat64, "lstat64", "lstat")

#define NEW_STATAT(name, one, other) \
	static int new_##name(int version, int fd, const char *path, void *out, \
			      int flags) \
	{ \
		int (*real)(int, const char *, void *, int) = either(one, other); \
		(void)version; \
		return real ? real(fd, path, out, flags) : not_there(); \
	}

NEW_STATAT(__fxstatat, "fstatat", "fstatat64")
NEW_STATAT(__fxstatat64, "fstatat64", "fstatat")

/* -- Other functions -- */

static char *plain_getwd(char *out)
{
	char *(*real)(char *, size_t) = behind("getcwd");

	return real ? real(out, PATH_MAX) : NULL;
}

static ssize_t plain_recvfrom(int fd, void *data, size_t size, size_t room, int flags,
			      void *from, void *len)
{
	ssize_t (*real)(int, void *, size_t, int, void *, void *) = behind("recvfrom");

	if (size > room)
		abort();
	return real ? real(fd, data, size, flags, from, len) : not_there();
}

/* Called only where a buffer is smaller than its declared size. */
static void too_small(void)
{
	abort();
}

/* -- Twins -- */

/*
 * Pairs of a name and its twin, which takes the same arguments, at least at the
 * beginning.
 */
static const char twins[] =
	"_Fork\0fork\0"
	"_IO_fopen\0fopen\0"
	"_IO_popen\0popen\0"
	"__backtrace_symbols\0backtrace_symbols\0"
	"__chown\0chown\0"
	"__clone\0clone\0"
	"__connect\0connect\0"
	"__fork\0fork\0"
	"__getcwd_chk\0getcwd\0"
	"__getmntent_r\0getmntent_r\0"
	"__mktemp\0mktemp\0"
	"__open\0open\0"
	"__open_2\0open\0"
	"__openat\0openat\0"
	"__openat_2\0openat\0"
	"__opendir\0opendir\0"
	"__pathconf\0pathconf\0"
	"__sendmmsg\0sendmmsg\0"
	"__setmntent\0setmntent\0"
	"__statfs\0statfs\0"
	"eaccess\0euidaccess\0"
	"euidaccess\0eaccess\0"
	"getdents\0getdents64\0"
	"posix_spawn_file_actions_addchdir\0posix_spawn_file_actions_addchdir_np\0"
	"posix_spawn_file_actions_addchdir_np\0posix_spawn_file_actions_addchdir\0"
	"posix_spawn_file_actions_addfchdir\0posix_spawn_file_actions_addfchdir_np\0"
	"posix_spawn_file_actions_addfchdir_np\0posix_spawn_file_actions_addfchdir\0"
	"tmpnam_r\0tmpnam\0"
	"updwtmp\0updwtmpx\0"
	"updwtmpx\0updwtmp\0"
	"utmpname\0utmpxname\0"
	"utmpxname\0utmpname\0";

/* Functions that return a pointer, besides those of calls.def. */
static const char pointers[] =
	"_IO_popen\0_IO_proc_open\0__backtrace_symbols\0__ctime64\0__ctime64_r\0"
	"__getcwd_chk\0__getmntent_r\0__getwd_chk\0__localtime64\0"
	"__localtime64_r\0__mktemp\0__realpath_chk\0"
	"backtrace_symbols\0canonicalize_file_name\0get_current_dir_name\0"
	"getmntent_r\0getwd\0tmpfile64\0tmpnam_r\0";

/* Functions that return an errno. */
static const char errors[] =
	"pidfd_spawn\0pidfd_spawnp\0posix_spawn_file_actions_addchdir\0"
	"posix_spawn_file_actions_addchdir_np\0"
	"posix_spawn_file_actions_addfchdir\0"
	"posix_spawn_file_actions_addfchdir_np\0";

/* Where NAME is in LIST, or NULL. */
static const char *listed(const char *list, const char *name)
{
	while (*list && strcmp(list, name) != 0)
		list += strlen(list) + 1;
	return *list ? list : NULL;
}

/*
 * The twin of "open64" is "open", that of "__open64_2" is "__open_2": a libc without
 * the large names (musl) has large files in the plain ones.
 */
static void *find_plain(const char *name)
{
	const char *number = strstr(name, "64");
	char plain[64];
	size_t n, len = strlen(name);

	if (!number || strstr(name, "time64") || len >= sizeof plain)
		return NULL;
	n = (size_t)(number - name);
	memcpy(plain, name, n);
	memcpy(plain + n, number + 2, len - n - 1);
	return behind(plain);
}

static void *find_twin(const char *name)
{
	const char *pair;

	for (pair = twins; *pair;) {
		const char *twin = pair + strlen(pair) + 1;

		if (!strcmp(pair, name))
			return behind(twin);
		pair = twin + strlen(twin) + 1;
	}
	return NULL;
}

static void *missing_pointer(void)
{
	errno = ENOSYS;
	return NULL;
}

static int missing_error(void)
{
	return ENOSYS;
}

/* A replacement of our own for NAME, or NULL. */
static void *find_made(const char *name)
{
#define MADE(is, function) \
	if (!strcmp(name, #is)) \
		return (void *)(function);
#define MADE_BY(is) MADE(is, by_##is)
	NUMBERED(MADE_BY)
	MADE(stat, old_stat)
	MADE(stat64, old_stat64)
	MADE(lstat, old_lstat)
	MADE(lstat64, old_lstat64)
	MADE(fstatat, old_fstatat)
	MADE(fstatat64, old_fstatat64)
	MADE(mknod, old_mknod)
	MADE(mknodat, old_mknodat)
	MADE(__xstat, new___xstat)
	MADE(__xstat64, new___xstat64)
	MADE(__lxstat, new___lxstat)
	MADE(__lxstat64, new___lxstat64)
	MADE(__fxstatat, new___fxstatat)
	MADE(__fxstatat64, new___fxstatat64)
	MADE(getwd, plain_getwd)
	MADE(__recvfrom_chk, plain_recvfrom)
	MADE(__readlink_chk, too_small)
	MADE(__readlinkat_chk, too_small)
	MADE(__realpath_chk, too_small)
	MADE(__ttyname_r_chk, too_small)
	return NULL;
}

/*
 * With a long of 64 bits, time_t has 64 bits: "__futimesat64" and "__lstat64_time64"
 * are names in 32-bit libcs for "futimesat" and "lstat" here. A program that finds them
 * by dlsym(3) takes ours for libc's.
 */
static void *find_plain_time(const char *name)
{
#ifdef __LP64__
	static const char time[] = "_time";
	char plain[64];
	size_t n = 0;

	if (strlen(name) >= sizeof plain || !strstr(name, "64"))
		return NULL;
	name += strspn(name, "_");
	while (*name) {
		if (!strncmp(name, time, sizeof time - 1))
			name += sizeof time - 1;
		else if (name[0] == '6' && name[1] == '4')
			name += 2;
		else
			plain[n++] = *name++;
	}
	plain[n] = '\0';
	void *found = behind(plain);

	return found ? found : find_made(plain);
#else
	(void)name;
	return NULL;
#endif
}

void *missing_find(const char *name)
{
	void *found = find_twin(name);

	if (!found)
		found = find_plain(name);
	if (!found)
		found = find_made(name);
	if (!found)
		found = find_plain_time(name);
	if (found)
		return found;
	if (listed(pointers, name) || listed(missing_pointers, name))
		return (void *)missing_pointer;
	return listed(errors, name) ? (void *)missing_error : (void *)not_there;
}
