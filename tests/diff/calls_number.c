/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The same calls by number, through syscall(2): "sys NAME ARG...". The letters
 * say what each argument is: d descriptor, p path, i number, s stat buffer,
 * x statx buffer, b buffer (and its size as the next i), h open_how (from two
 * words, flags and resolve), t times of long ago, z NULL, v argv.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct numbered {
	const char *name;
	long number;
	const char *letters;
};

/* clang-format off: a macro that begins with a brace */
#define SYS(name, letters) \
	{ \
#name, SYS_##name, letters \
	}
/* clang-format on */

static const struct numbered numbered[] = {
#ifdef SYS_open
	SYS(open, "pii"),
	SYS(creat, "pi"),
	SYS(access, "pi"),
	SYS(unlink, "p"),
	SYS(rmdir, "p"),
	SYS(mkdir, "pi"),
	SYS(mknod, "pii"),
	SYS(chmod, "pi"),
	SYS(chown, "pii"),
	SYS(lchown, "pii"),
	SYS(rename, "pp"),
	SYS(link, "pp"),
	SYS(symlink, "pp"),
	SYS(readlink, "pbi"),
	SYS(utime, "pz"),
	SYS(utimes, "pz"),
	SYS(futimesat, "dpz"),
#endif
#if defined SYS_stat && defined __LP64__
	SYS(stat, "ps"),
	SYS(lstat, "ps"),
	SYS(newfstatat, "dpsi"),
#endif
	SYS(openat, "dpii"),
	SYS(openat2, "dphi"),
	SYS(statx, "dpiix"),
	SYS(faccessat, "dpi"),
	SYS(unlinkat, "dpi"),
	SYS(mkdirat, "dpi"),
	SYS(mknodat, "dpii"),
	SYS(fchmodat, "dpi"),
	SYS(fchownat, "dpiii"),
	SYS(renameat, "dpdp"),
	SYS(renameat2, "dpdpi"),
	SYS(linkat, "dpdpi"),
	SYS(symlinkat, "pdp"),
	SYS(readlinkat, "dpbi"),
	SYS(utimensat, "dpti"),
	SYS(truncate, "pi"),
	SYS(chdir, "p"),
	SYS(fchdir, "i"),
	SYS(getcwd, "bi"),
	SYS(statfs, "ps"),
	SYS(getxattr, "ppbi"),
	SYS(listxattr, "pbi"),
	SYS(inotify_add_watch, "ipi"),
	SYS(execve, "pvz"),
#ifdef SYS_faccessat2
	SYS(faccessat2, "dpii"),
#endif
};

/* What the kernel writes goes here; large enough for each kind. */
static union {
	struct stat stat;
	struct statx statx;
	struct open_how how;
	char bytes[PATH_MAX + 64];
} room;

static const struct timespec long_ago[2] = { { 7000, 0 }, { 8000, 0 } };
static char *const script_argv[] = { (char[]){ "argv0" }, NULL };

/* One argument; "word" is advanced over what it takes of the step's words. */
static long argument(const struct args *a, char letter, int *word)
{
	switch (letter) {
	case 'd':
	case 'i': return number_arg(a, (*word)++, 0);
	case 'p': return (long)(intptr_t)path_arg(a, (*word)++);
	case 'h':
		room.how = (struct open_how){
			.flags = (uint64_t)number_arg(a, *word, 0),
			.resolve = (uint64_t)number_arg(a, *word + 1, 0),
			.mode = number_arg(a, *word, 0) & O_CREAT ? 0640 : 0
		};
		*word += 2;
		return (long)(intptr_t)&room.how;
	case 't': return (long)(intptr_t)long_ago;
	case 'v': return (long)(intptr_t)script_argv;
	case 'z': return 0;
	default: memset(&room, FILL, sizeof room); return (long)(intptr_t)&room;
	}
}

static void out_room(const struct numbered *n)
{
	if (strstr(n->name, "stat") && strchr(n->letters, 's') && n->number != SYS_statfs)
		out_stat(&room.stat);
	else if (strchr(n->letters, 'x'))
		out(" mode=%o size=%llu", room.statx.stx_mode,
		    (unsigned long long)room.statx.stx_size);
	else if (strchr(n->letters, 'b'))
		out_buffer(room.bytes, sizeof room.bytes, last_result());
	else if (strncmp(n->name, "open", 4) == 0 || strcmp(n->name, "creat") == 0)
		out_fd((int)last_result());
}

static const struct numbered *find(const char *name)
{
	for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
		if (strcmp(numbered[i].name, name) == 0)
			return &numbered[i];
	return NULL;
}

/* Whether a call that removes or renames is asked to do it to a guarded directory. */
static bool removes_fixed(const struct numbered *n, const long *v)
{
	bool fixed = false;
	if (!strstr(n->name, "unlink") && !strstr(n->name, "rename") &&
	    strcmp(n->name, "rmdir") != 0)
		return false;
	for (int i = 0; n->letters[i]; i++)
		if (n->letters[i] == 'p') {
			int dirfd = i > 0 && n->letters[i - 1] == 'd' ? (int)v[i - 1] :
									AT_FDCWD;
			fixed = fixed || is_fixed(dirfd, (const char *)(intptr_t)v[i]);
		}
	return fixed;
}

static void c_sys(const struct args *a)
{
	const struct numbered *n = a->count > 0 ? find(a->word[0]) : NULL;
	if (!n) {
		out(" not on this machine");
		return;
	}
	long v[6] = { 0 };
	int word = 1;
	for (int i = 0; n->letters[i]; i++) {
		/* The size after open_how, and that of a buffer, are ours to give. */
		if (i > 0 && n->letters[i] == 'i' && n->letters[i - 1] == 'h')
			v[i] = sizeof room.how;
		else
			v[i] = argument(a, n->letters[i], &word);
	}
	bool fixed = removes_fixed(n, v);
	errno = UNTOUCHED;
	long result = syscall(n->number, v[0], v[1], v[2], v[3], v[4], v[5]);
	out_result(result, result == -1 && fixed ? refusal(errno) : errno);
	if (last_result() >= 0)
		out_room(n);
}

const struct call calls_number[] = { CALL(sys), END_OF_CALLS };
