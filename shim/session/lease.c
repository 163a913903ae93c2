/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of the lease; see lease.h. Its lock is in lease_lock.c. */
#define _GNU_SOURCE
#include "session/lease.h"
#include "session/trust.h"
#include "core/hole.h"
#include "core/signals.h"
#include "session/root_name.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#define SESSION "session "
#define HOLD "hold descriptor\n"
#define PART "privtmp 2 part\nroot "

enum { NOREPLACE = 1 }; /* <linux/fs.h> */
enum { LEN_HEAD = sizeof LEASE_HEAD - 1, TRIES = 100 };

/*
 * Makes a file with a temporary name that nobody else has. Not by the pid: other threads
 * may write one, and other containers' processes, which can have the same.
 */
static int open_unnamed(int dirfd, struct unnamed *u, unsigned mode)
{
	const int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	unsigned long number;
	int fd = -EEXIST;

	if (sys_getrandom(&number, sizeof number) != sizeof number)
		number = (unsigned long)sys_getpid();
	memcpy(u->name, LEASE_NAME ".", sizeof LEASE_NAME);
	for (int i = 0; i < TRIES && fd == -EEXIST; i++) {
		sys_decimal(number + (unsigned)i, u->name + sizeof LEASE_NAME);
		fd = sys_openat(dirfd, u->name, how, mode);
	}
	if (fd < 0)
		u->name[0] = '\0';
	return fd;
}

/* Read-only: nobody must have a descriptor or mapping that can change the lease. */
static int open_to_read(int dirfd, const char *path)
{
	return sys_openat(dirfd, path,
			  (HOLE(writer) ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK |
				  O_CLOEXEC,
			  0);
}

void lease_path(const char *root, const char *name, char *out, size_t size)
{
	size_t n = strlen(root), m = strlen(name);

	if (n + 1 + m >= size) {
		out[0] = '\0'; /* the call that uses it fails */
		return;
	}
	memcpy(out, root, n);
	out[n] = '/';
	memcpy(out + n + 1, name, m + 1);
}

int lease_open_at(int dirfd)
{
	return open_to_read(dirfd, LEASE_NAME);
}

int lease_open(const char *root)
{
	char path[LEASE_PATH];

	lease_path(root, LEASE_NAME, path, sizeof path);
	return open_to_read(AT_FDCWD, path);
}

int lease_open_named(const char *root)
{
	struct statx st;
	int dir = sys_openat(AT_FDCWD, root,
			     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	int ret = dir < 0 ? dir : sys_look(dir, "", &st);

	if (ret == 0)
		ret = trust_unmounted(root, &st);
	if (ret == 0)
		ret = lease_open_at(dir);
	if (dir >= 0)
		sys_close(dir);
	return ret;
}

/* Writes the text under a temporary name and makes it read-only. 0 or -errno. */
static int write_unnamed(int dirfd, const char *text, size_t len, struct unnamed *u)
{
	const unsigned mode = HOLE(sealed) ? 0666 : 0444;
	int fd = open_unnamed(dirfd, u, mode), ret;

	if (fd < 0)
		return fd;
	/* Despite the umask: other users of the session must be able to read it. */
	ret = sys_fchmod(fd, mode);
	if (ret == 0)
		ret = sys_write_all(fd, text, len);
	if (ret == -EFBIG)
		signals_drop(SIGXFSZ);
	sys_close(fd);
	if (ret < 0)
		lease_forget(dirfd, u);
	return ret;
}

void lease_forget(int dirfd, struct unnamed *u)
{
	if (u->name[0])
		sys_unlinkat(dirfd, u->name, 0);
	u->name[0] = '\0';
}

int lease_write(int dirfd, const struct lease *lease, struct unnamed *u, int *fd)
{
	int ret = write_unnamed(dirfd, lease->text, lease->len, u);

	if (ret < 0)
		return ret;
	*fd = lease_reopen(dirfd, u);
	return *fd < 0 ? *fd : 0;
}

int lease_reopen(int dirfd, const struct unnamed *u)
{
	return open_to_read(dirfd, u->name);
}

int lease_link(int dirfd, struct unnamed *u)
{
	int ret = sys_renameat2(dirfd, u->name, dirfd, LEASE_NAME, NOREPLACE);

	/* The kernel or the file system lacks RENAME_NOREPLACE. */
	if (ret == -EINVAL || ret == -ENOSYS || ret == -EPERM)
		ret = (int)SYS5(SYS_linkat, dirfd, u->name, dirfd, LEASE_NAME, 0);
	else if (ret == 0)
		u->name[0] = '\0';
	/* Or another was faster. */
	lease_forget(dirfd, u);
	return ret;
}

int lease_write_part(int dirfd, const struct lease_part *part)
{
	char text[sizeof PART + 1 + sizeof SESSION + 1 + sizeof *part], *at;
	struct unnamed u;
	int ret;

	at = text_put(text_put(text, PART), part->root);
	at = text_put(text_put(text_put(at, "\n" SESSION), part->session), "\n");
	ret = write_unnamed(dirfd, text, (size_t)(at - text), &u);
	if (ret == 0)
		ret = lease_link(dirfd, &u);
	/* Another member may be writing the same text. */
	return ret == -EEXIST ? 0 : ret;
}

/* Parses KEY and a path from the line at *AT, which ends before END. */
static bool take_path(const char **at, const char *end, const char *key, struct text *out)
{
	size_t n = strlen(key);
	const char *line = *at, *stop;

	if ((size_t)(end - line) <= n || memcmp(line, key, n) != 0)
		return false;
	line += n;
	stop = memchr(line, '\n', (size_t)(end - line));
	if (!stop)
		return false;
	*out = (struct text){ line, (size_t)(stop - line) };
	*at = stop + 1;
	/* A NUL would cut the path. */
	return out->len <= POLICY_ROOT_MAX && !memchr(line, '\0', out->len) &&
	       root_path_is(out->at, out->len);
}

/*
 * Whether each guard's prefix is valid, and the session's root is either one of these
 * roots or a valid one beside them.
 */
static bool has_prefixes(const struct lease *lease)
{
	const struct policy *policy = &lease->policy;

	for (unsigned i = 0; i < policy->guards; i++)
		if (!root_prefix_is(policy->guard[i].prefix.at,
				    policy->guard[i].prefix.len))
			return false;
	return policy->guards != 0;
}

/* The length of the policy's lines. The lines about the lease itself follow. */
static size_t policy_end(const char *text, size_t len)
{
	static const char session[] = "\n" SESSION;
	const char *line = text_find(text, len, session, sizeof session - 1);

	return line ? (size_t)(line - text) + 1 : len;
}

/* Skips LINE at *AT. False where the text differs. */
static bool take_line(const char **at, const char *end, const char *line)
{
	size_t n = strlen(line);

	if ((size_t)(end - *at) < n || memcmp(*at, line, n) != 0)
		return false;
	*at += n;
	return true;
}

/* Parses the lines about the lease itself, behind END. */
static int parse_own_lines(struct lease *lease, size_t end)
{
	const char *at = lease->text + end, *stop = lease->text + lease->len;

	lease->how = 0;
	if (!take_path(&at, stop, SESSION, &lease->session))
		return -EBADMSG;
	if (take_line(&at, stop, HOLD))
		lease->how |= LEASE_HOLD_DESCRIPTOR;
	if (take_line(&at, stop, LEASE_BY_DESCRIPTION))
		lease->how |= LEASE_LOCK_DESCRIPTION;
	return at == stop ? 0 : -EBADMSG;
}

int lease_parse(struct lease *lease)
{
	size_t end = policy_end(lease->text, lease->len);

	if (end <= LEN_HEAD || memcmp(lease->text, LEASE_HEAD, LEN_HEAD) != 0 ||
	    parse_own_lines(lease, end) < 0 ||
	    policy_parse(lease->text + LEN_HEAD, end - LEN_HEAD, &lease->policy) < 0 ||
	    !has_prefixes(lease))
		return -EBADMSG;
	return 0;
}

int lease_name_session(struct lease *lease, const char *session, unsigned how)
{
	const size_t end = policy_end(lease->text, lease->len);
	const size_t room = sizeof lease->text - end;
	char *at = lease->text + end;

	if (sizeof SESSION + strlen(session) + sizeof HOLD + sizeof LEASE_BY_DESCRIPTION >
	    room)
		return -EBADMSG;
	at = text_put(text_put(text_put(at, SESSION), session), "\n");
	if (how & LEASE_HOLD_DESCRIPTOR)
		at = text_put(at, HOLD);
	if (how & LEASE_LOCK_DESCRIPTION)
		at = text_put(at, LEASE_BY_DESCRIPTION);
	lease->len = (size_t)(at - lease->text);
	return parse_own_lines(lease, end);
}

int lease_read(int fd, struct lease *lease)
{
	ssize_t n = sys_pread(fd, lease->text, sizeof lease->text, 0);

	if (n < 0)
		return (int)n;
	lease->len = (size_t)n;
	return lease_parse(lease);
}

int lease_read_part(int dirfd, struct lease_part *part)
{
	char text[sizeof PART + 1 + sizeof SESSION + 1 + sizeof *part];
	int fd = lease_open_at(dirfd);
	const char *at = text, *end;
	struct text root, session;
	ssize_t n;

	if (fd < 0)
		return fd;
	n = sys_pread(fd, text, sizeof text, 0);
	sys_close(fd);
	if (n < 0)
		return (int)n;
	end = text + n;
	if (!take_path(&at, end, PART, &root) ||
	    !take_path(&at, end, SESSION, &session) || at != end)
		return -EBADMSG;
	text_copy(&root, part->root);
	text_copy(&session, part->session);
	/* A root that names itself would be looked up for ever. */
	return strcmp(part->root, part->session) ? 0 : -EBADMSG;
}

bool lease_is_part(int dirfd, const char *root, const struct lease *lease)
{
	struct lease_part part;

	return lease_read_part(dirfd, &part) == 0 && !strcmp(part.root, root) &&
	       text_is(&lease->session, part.session);
}

bool lease_kept(const struct policy *policy, int dirfd)
{
	struct statx st;

	return policy->keep == KEEP_ALWAYS ||
	       (policy->keep == KEEP_FAILURE &&
		sys_statx(dirfd, LEASE_FAILED, AT_SYMLINK_NOFOLLOW, &st) == 0);
}
