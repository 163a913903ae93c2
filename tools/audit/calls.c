/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of traced calls; see calls.h. */
#include "calls.h"
#include "gen/trace_calls.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define AT AT_SYMLINK_NOFOLLOW

/* By the names of C's libraries, without what they put around them; see plain_name. */
static const struct call known[] = {
	{ "open", CALL_OPEN, false, O_NOFOLLOW },
	{ "openat", CALL_OPEN, false, O_NOFOLLOW },
	{ "openat2", CALL_OPEN, false, O_NOFOLLOW },
	{ "creat", CALL_CREAT, false, 0 },
	{ "fopen", CALL_STREAM, false, O_NOFOLLOW },
	{ "freopen", CALL_STREAM, false, O_NOFOLLOW },
	{ "file_fopen", CALL_STREAM, false, O_NOFOLLOW },
	{ "setmntent", CALL_STREAM, false, 0 },
	{ "shm_open", CALL_SHARED, true, 0 },
	{ "sem_open", CALL_SHARED, true, 0 },
	{ "mq_open", CALL_SHARED, true, 0 },
	{ "mkdir", CALL_MKDIR, true, 0 },
	{ "mkdirat", CALL_MKDIR, true, 0 },
	{ "mknod", CALL_NODE, true, 0 },
	{ "mknodat", CALL_NODE, true, 0 },
	{ "mkfifo", CALL_NODE, true, 0 },
	{ "mkfifoat", CALL_NODE, true, 0 },
	{ "symlink", CALL_SYMLINK, true, 0 },
	{ "symlinkat", CALL_SYMLINK, true, 0 },
	{ "link", CALL_LINK, true, 0 },
	{ "linkat", CALL_LINK, true, 0 },
	{ "rename", CALL_RENAME, true, 0 },
	{ "renameat", CALL_RENAME, true, 0 },
	{ "renameat2", CALL_RENAME, true, 0 },
	{ "unlink", CALL_UNLINK, true, 0 },
	{ "unlinkat", CALL_UNLINK, true, 0 },
	{ "rmdir", CALL_UNLINK, true, 0 },
	{ "remove", CALL_UNLINK, true, 0 },
	{ "shm_unlink", CALL_UNLINK, true, 0 },
	{ "sem_unlink", CALL_UNLINK, true, 0 },
	{ "mq_unlink", CALL_UNLINK, true, 0 },
	{ "chmod", CALL_CHMOD, false, 0 },
	{ "fchmodat", CALL_CHMOD, false, AT },
	{ "fchmod", CALL_CHMOD, true, 0 },
	{ "lchmod", CALL_CHMOD, true, 0 },
	{ "chown", CALL_CHOWN, false, 0 },
	{ "fchownat", CALL_CHOWN, false, AT },
	{ "lchown", CALL_CHOWN, true, 0 },
	{ "truncate", CALL_SIZE, false, 0 },
	{ "utime", CALL_TIMES, false, 0 },
	{ "utimes", CALL_TIMES, false, 0 },
	{ "lutimes", CALL_TIMES, true, 0 },
	{ "futimesat", CALL_TIMES, false, 0 },
	{ "utimensat", CALL_TIMES, false, AT },
	{ "setxattr", CALL_ATTRIBUTE, false, 0 },
	{ "lsetxattr", CALL_ATTRIBUTE, true, 0 },
	{ "removexattr", CALL_ATTRIBUTE, false, 0 },
	{ "lremovexattr", CALL_ATTRIBUTE, true, 0 },
	{ "opendir", CALL_LIST, false, 0 },
	{ "opendir2", CALL_LIST, false, 0 },
	{ "chdir", CALL_GO, false, 0 },
	{ "chroot", CALL_ROOT, false, 0 },
	{ "acct", CALL_MOUNT, false, 0 },
	{ "mount", CALL_MOUNT, false, 0 },
	{ "umount", CALL_MOUNT, false, 0 },
	{ "umount2", CALL_MOUNT, false, 0 },
	{ "swapon", CALL_MOUNT, false, 0 },
	{ "execve", CALL_EXEC, false, 0 },
	{ "execv", CALL_EXEC, false, 0 },
	{ "execvp", CALL_EXEC, false, 0 },
	{ "execvpe", CALL_EXEC, false, 0 },
	{ "execl", CALL_EXEC, false, 0 },
	{ "execlp", CALL_EXEC, false, 0 },
	{ "execle", CALL_EXEC, false, 0 },
	{ "fexecve", CALL_EXEC, false, 0 },
	{ "execveat", CALL_EXEC, false, 0 },
	{ "posix_spawn", CALL_EXEC, false, 0 },
	{ "posix_spawnp", CALL_EXEC, false, 0 },
	{ "dlopen", CALL_LOAD, false, 0 },
	{ "uselib", CALL_LOAD, false, 0 },
	{ "bind", CALL_BIND, true, 0 },
	{ "connect", CALL_CONNECT, false, 0 },
	{ "mkstemp", CALL_TEMPLATE, true, 0 },
	{ "mkostemp", CALL_TEMPLATE, true, 0 },
	{ "mkstemps", CALL_TEMPLATE, true, 0 },
	{ "mkostemps", CALL_TEMPLATE, true, 0 },
	{ "mkdtemp", CALL_TEMPLATE_DIR, true, 0 },
	{ "mktemp", CALL_NAME, true, 0 },
	{ "tmpnam", CALL_NAME, true, 0 },
	{ "tmpnam_r", CALL_NAME, true, 0 },
	{ "tempnam", CALL_NAME, true, 0 },
	{ "access", CALL_LOOK, false, 0 },
	{ "faccessat", CALL_LOOK, false, AT },
	{ "euidaccess", CALL_LOOK, false, 0 },
	{ "eaccess", CALL_LOOK, false, 0 },
	{ "stat", CALL_LOOK, false, 0 },
	{ "fstatat", CALL_LOOK, false, AT },
	{ "statx", CALL_LOOK, false, AT },
	{ "statfs", CALL_LOOK, false, 0 },
	{ "statvfs", CALL_LOOK, false, 0 },
	{ "pathconf", CALL_LOOK, false, 0 },
	{ "getxattr", CALL_LOOK, false, 0 },
	{ "listxattr", CALL_LOOK, false, 0 },
	{ "realpath", CALL_LOOK, false, 0 },
	{ "canonicalize_file_name", CALL_LOOK, false, 0 },
	{ "name_to_handle_at", CALL_LOOK, true, 0 },
	{ "lstat", CALL_LOOK_LINK, true, 0 },
	{ "lgetxattr", CALL_LOOK_LINK, true, 0 },
	{ "llistxattr", CALL_LOOK_LINK, true, 0 },
	{ "readlink", CALL_LOOK_LINK, true, 0 },
	{ "readlinkat", CALL_LOOK_LINK, true, 0 },
	{ "fstat", CALL_LOOK_OPENED, true, 0 },
	{ "fxstat", CALL_LOOK_OPENED, true, 0 },
	{ "system", CALL_TELL, false, 0 },
	{ "popen", CALL_TELL, false, 0 },
};

static const struct call other = { "?", CALL_OTHER, true, 0 };

#define NAME(name) #name,
static const char *const names[] = { TRACE_CALLS(NAME) };

/* Cuts WORD off the end of NAME. */
static bool cut_end(char *name, const char *word)
{
	const size_t len = strlen(name), n = strlen(word);

	if (len <= n || strcmp(name + len - n, word) != 0)
		return false;
	name[len - n] = '\0';
	return true;
}

/* Removes the prefixes and suffixes for other sizes of types, and for compilers. */
static void plain_name(const char *name, char out[64])
{
	static const char *const old[][2] = { { "xstat", "stat" },
					      { "lxstat", "lstat" },
					      { "fxstatat", "fstatat" },
					      { "xmknod", "mknod" },
					      { "xmknodat", "mknodat" } };

	while (*name == '_')
		name++;
	if (!strncmp(name, "IO_", 3))
		name += 3;
	snprintf(out, 64, "%s", name);
	while (cut_end(out, "_time64") || cut_end(out, "_chk") || cut_end(out, "_2") ||
	       cut_end(out, "64"))
		;
	for (size_t i = 0; i < sizeof old / sizeof *old; i++)
		if (!strcmp(out, old[i][0]))
			strcpy(out, old[i][1]);
}

const struct call *call_of(unsigned number)
{
	static const struct call *found[CALLS];
	char name[64];

	if (number >= CALLS)
		return &other;
	if (found[number])
		return found[number];
	found[number] = &other;
	plain_name(names[number], name);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(name, known[i].name))
			found[number] = &known[i];
	return found[number];
}
