/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AF_UNIX addresses; see sun_path.h. No allocation, no lock; errno is kept unless it is
 * the result.
 */
#define _GNU_SOURCE
#include "wrap/sun_path.h"
#include "route/out.h"
#include "core/sys.h"
#include "session/session.h"
#include "wrap/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define NAMES "/.u"

enum {
	ID = 16,	    /* hexadecimal digits of 64 random bits */
	SHORT = 1 + ID,	    /* with 'd', 's' or 'n' in front */
	NAMES_MODE = 01777, /* all users of a session may bind */
};

static const char hexadecimal[] = "0123456789abcdef";

void address_path(const void *address, unsigned len, char path[ADDRESS_PATH + 1])
{
	const struct sockaddr_un *un = address;
	size_t n = text_length(un->sun_path, len - ADDRESS_HEAD);

	memcpy(path, un->sun_path, n);
	path[n] = '\0';
}

bool address_put(struct address *to, const char *path)
{
	size_t n = strlen(path);

	if (n > ADDRESS_PATH)
		return false;
	to->un.sun_family = AF_UNIX;
	memcpy(to->bytes + ADDRESS_HEAD, path, n + 1);
	to->len = (unsigned)(ADDRESS_HEAD + n + (n < ADDRESS_PATH));
	return true;
}

bool address_fits_socket(int fd)
{
	int domain = 0, saved = errno;
	socklen_t len = sizeof domain;
	bool fits = LIBC(getsockopt)(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 &&
		    domain == AF_UNIX;

	errno = saved;
	return fits;
}

/* -- Short names -- */

/* A short name that is being made. */
struct name {
	int dirfd; /* the directory of short names */
	char root[POLICY_ROOT_MAX + 1];
	char link[SHORT + 1]; /* "n<id>" */
	char path[POLICY_ROOT_MAX + sizeof NAMES + 1 + SHORT];
	char *id; /* the id in the path, after its letter */
};

/*
 * Opens ROOT's directory of short names, and makes it if needed. A descriptor or
 * -errno.
 */
static int open_names(const char *root)
{
	char path[POLICY_ROOT_MAX + sizeof NAMES];
	int ret, fd;

	memcpy(text_put(path, root), NAMES, sizeof NAMES);
	fd = sys_openat(AT_FDCWD, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd != -ENOENT)
		return fd;
	ret = sys_mkdirat(AT_FDCWD, path, NAMES_MODE);
	if (ret == 0)
		ret = sys_fchmodat(AT_FDCWD, path, NAMES_MODE);
	if (ret < 0 && ret != -EEXIST)
		return ret;
	return sys_openat(AT_FDCWD, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
}

void address_prepare(const struct text *root)
{
	char path[POLICY_ROOT_MAX + 1];
	int fd;

	text_copy(root, path);
	fd = open_names(path);
	if (fd >= 0)
		sys_close(fd);
}

static int draw_id(char out[SHORT + 1])
{
	unsigned char byte[ID / 2];
	ssize_t n = sys_getrandom(byte, sizeof byte);

	if (n != sizeof byte)
		return n < 0 ? (int)n : -EIO;
	for (int i = 0; i < ID / 2; i++) {
		out[1 + 2 * i] = hexadecimal[byte[i] >> 4];
		out[2 + 2 * i] = hexadecimal[byte[i] & 15];
	}
	out[0] = 'n';
	out[SHORT] = '\0';
	return 0;
}

/*
 * Chooses a short name and makes the link to the name in the view. 0 or -errno. Where
 * the root is long, too, the path goes by the descriptor.
 */
static int make_name(struct name *name, const char *view)
{
	char *at;
	int ret;

	name->dirfd = open_names(name->root);
	if (name->dirfd < 0)
		return name->dirfd;
	ret = draw_id(name->link);
	if (ret == 0)
		ret = sys_symlinkat(view, name->dirfd, name->link);
	if (ret < 0) {
		sys_close(name->dirfd);
		return ret;
	}
	at = text_put(name->path, name->root);
	if ((size_t)(at - name->path) + sizeof NAMES + SHORT > ADDRESS_PATH) {
		at = name->path + sys_fd_path(name->dirfd, name->path);
		*at = '\0';
	} else {
		at = text_put(at, NAMES);
	}
	*at++ = '/';
	name->id = at;
	strcpy(at, name->link);
	return 0;
}

static void end_name(struct name *name, bool failed)
{
	if (failed)
		sys_unlinkat(name->dirfd, name->link, 0);
	sys_close(name->dirfd);
}

/*
 * Binds through a link to the directory, which is like binding at the path itself. 0 or
 * an errno; ENAMETOOLONG where the last component is too long.
 */
static int bind_below(address_binder *bind, int fd, struct name *name, const char *real)
{
	const char *base = strrchr(real, '/') + 1;
	size_t n = strlen(base), dir = (size_t)(base - real);
	char path[sizeof name->path + ADDRESS_PATH], to[dir + 1];
	struct address address;
	int ret;

	/* With a trailing slash the other way finds the right error. */
	if (!n || n > ADDRESS_PATH)
		return ENAMETOOLONG;
	*name->id = 'd';
	text_put(text_put(text_put(path, name->path), "/"), base);
	if (!address_put(&address, path))
		return ENAMETOOLONG;
	memcpy(to, real, dir);
	to[dir] = '\0';
	ret = sys_symlinkat(to, name->dirfd, name->id);
	if (ret < 0)
		return -ret;
	if (bind(fd, &address.un, address.len) == 0)
		return 0;
	ret = errno;
	sys_unlinkat(name->dirfd, name->id, 0);
	return ret;
}

/* Binds to the short name, and moves the socket to REAL. 0 or an errno. */
static int bind_and_move(address_binder *bind, int fd, struct name *name,
			 const char *real)
{
	struct address address;
	int ret;

	/*
	 * First makes a socket without a listener at REAL: errors show before FD is
	 * bound, which cannot be undone.
	 */
	ret = (int)SYS4(SYS_mknodat, AT_FDCWD, real, S_IFSOCK | 0777, 0);
	if (ret < 0)
		return ret == -EEXIST ? EADDRINUSE : -ret;
	*name->id = 's';
	address_put(&address, name->path);
	if (bind(fd, &address.un, address.len) < 0) {
		ret = -errno;
	} else {
		ret = sys_renameat(name->dirfd, name->id, AT_FDCWD, real);
		if (ret < 0)
			sys_unlinkat(name->dirfd, name->id, 0);
	}
	if (ret < 0)
		sys_unlinkat(AT_FDCWD, real, 0);
	return -ret;
}

int address_bind(address_binder *bind, int fd, const struct text *root, const char *real,
		 const char *view, bool may_move)
{
	struct name name;
	int error;

	text_copy(root, name.root);
	error = -make_name(&name, view);
	if (error)
		return error;
	error = bind_below(bind, fd, &name, real);
	if (error == ENAMETOOLONG && may_move)
		error = bind_and_move(bind, fd, &name, real);
	end_name(&name, error != 0);
	return error;
}

/* -- Out again -- */

/* The number of bytes of PATH before its short name; 0: it has none. */
static size_t before_name(const char *path)
{
	for (const char *at = path; (at = strchr(at, '/')); at++)
		if ((at[1] == 'd' || at[1] == 's') && strspn(at + 2, hexadecimal) == ID)
			return (size_t)(at - path);
	return 0;
}

/* Reads the link of the short name ID in ROOT. Its length, or 0. */
static size_t read_name(const struct text *root, const char *id,
			char out[ADDRESS_PATH + 1])
{
	char path[POLICY_ROOT_MAX + sizeof NAMES + 1 + SHORT], *at;
	ssize_t n;

	text_copy(root, path);
	at = text_put(path + root->len, NAMES "/n");
	memcpy(at, id, ID);
	at[ID] = '\0';
	n = sys_readlinkat(AT_FDCWD, path, out, ADDRESS_PATH + 1);
	if (n <= 0 || n > ADDRESS_PATH)
		return 0;
	out[n] = '\0';
	return (size_t)n;
}

/* The name in the view of PATH, if that has a short name. Its length, or 0. */
static size_t find_name(const char *path, char out[ADDRESS_PATH + 1])
{
	static const char fds[] = "/proc/self/fd/", names[] = NAMES;
	const struct policy *policy = pt_view.policy;
	size_t before = before_name(path), len = 0;
	bool by_fd = !strncmp(path, fds, sizeof fds - 1);

	for (unsigned i = 0; before && !len && i < policy->guards; i++) {
		const struct text *root = &policy->guard[i].root;

		if (by_fd || (before == root->len + sizeof names - 1 &&
			      !memcmp(path, root->at, root->len) &&
			      !memcmp(path + root->len, names, sizeof names - 1)))
			len = read_name(root, path + before + 2, out);
	}
	return len;
}

void address_show(struct address *a)
{
	char *path = a->bytes + ADDRESS_HEAD;
	char view[ADDRESS_PATH + 1];
	size_t n, skip;

	if (!pt_view.policy || a->len <= ADDRESS_HEAD || a->len > sizeof a->bytes ||
	    a->un.sun_family != AF_UNIX || path[0] != '/')
		return;
	n = text_length(path, a->len - ADDRESS_HEAD);
	if (n > ADDRESS_PATH)
		return;
	path[n] = '\0';
	skip = out_skip(path, n);
	if (skip) {
		n -= skip;
		memmove(path, path + skip, n + 1);
	} else if ((n = find_name(path, view))) {
		memcpy(path, view, n + 1);
	} else {
		return;
	}
	a->len = (unsigned)(ADDRESS_HEAD + n + 1);
}
