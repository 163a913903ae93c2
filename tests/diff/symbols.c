/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constants that steps may name. */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <wordexp.h>

struct symbol {
	const char *name;
	long value;
};

/* clang-format off: a macro that begins with a brace */
#define S(name) \
	{ \
#name, name \
	}
/* clang-format on */

static const struct symbol symbols[] = {
	S(AT_FDCWD),
	S(AT_SYMLINK_NOFOLLOW),
	S(AT_SYMLINK_FOLLOW),
	S(AT_REMOVEDIR),
	S(AT_EACCESS),
	S(AT_EMPTY_PATH),
	S(AT_NO_AUTOMOUNT),
	S(O_RDONLY),
	S(O_WRONLY),
	S(O_RDWR),
	S(O_CREAT),
	S(O_EXCL),
	S(O_TRUNC),
	S(O_APPEND),
	S(O_DIRECTORY),
	S(O_NOFOLLOW),
	S(O_CLOEXEC),
	S(O_PATH),
	S(O_TMPFILE),
	S(O_NONBLOCK),
	S(F_OK),
	S(R_OK),
	S(W_OK),
	S(X_OK),
	S(S_IFREG),
	S(S_IFDIR),
	S(S_IFIFO),
	S(S_IFSOCK),
	S(S_IFCHR),
	S(S_IFBLK),
	S(RENAME_NOREPLACE),
	S(RENAME_EXCHANGE),
	S(RENAME_WHITEOUT),
	S(XATTR_CREATE),
	S(XATTR_REPLACE),
	S(SOCK_STREAM),
	S(SOCK_DGRAM),
	S(SOCK_SEQPACKET),
	S(SOCK_NONBLOCK),
	S(SOCK_CLOEXEC),
	S(FTW_PHYS),
	S(FTW_MOUNT),
	S(FTW_DEPTH),
	S(FTW_CHDIR),
	S(GLOB_MARK),
	S(GLOB_NOCHECK),
	S(GLOB_NOSORT),
	S(GLOB_NOESCAPE),
	S(GLOB_ERR),
	S(GLOB_DOOFFS),
	S(GLOB_APPEND),
	S(GLOB_PERIOD),
	S(GLOB_BRACE),
	S(GLOB_TILDE),
#ifdef GLOB_ONLYDIR
	S(GLOB_ONLYDIR),
	S(GLOB_NOMAGIC),
	S(GLOB_TILDE_CHECK),
#endif
	S(WRDE_NOCMD),
	S(WRDE_UNDEF),
	S(WRDE_SHOWERR),
	S(_PC_NAME_MAX),
	S(_PC_PATH_MAX),
	S(_PC_LINK_MAX),
	S(_PC_PIPE_BUF),
	S(_PC_NO_TRUNC),
	S(_PC_CHOWN_RESTRICTED),
	S(IN_CREATE),
	S(IN_DELETE),
	S(IN_MODIFY),
	S(IN_ONLYDIR),
	S(IN_DONT_FOLLOW),
};

bool symbol_value(const char *name, size_t length, long *value)
{
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
		if (strlen(symbols[i].name) == length &&
		    memcmp(symbols[i].name, name, length) == 0) {
			*value = symbols[i].value;
			return true;
		}
	return false;
}
