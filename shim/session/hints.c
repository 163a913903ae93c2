/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hints; see hints.h. */
#define _GNU_SOURCE
#include "session/hints.h"
#include "core/hole.h"
#include "core/signals.h"
#include "policy/view.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>

#define LOCK_NAME "lock" /* mode 0600 */

enum { MOMENTS = 1000 }; /* milliseconds to wait for the lock */

enum { WORST = LINKS_ACROSS | LINKS_UP };

const unsigned char hints_unknown[HINTS_BYTES] = {
	WORST | LINKS_MIXED,
	WORST,
	WORST | LINKS_MIXED,
	WORST,
};
const unsigned char hints_unread[HINTS_BYTES] = {
	LINKS_UNREAD,
	LINKS_UNREAD,
	LINKS_UNREAD,
	LINKS_UNREAD,
};

/* Writes BITS to each byte, without the bit that the byte's position leaves out. */
static void spread(unsigned char bits, unsigned char out[HINTS_BYTES])
{
	for (int i = 0; i < HINTS_BYTES; i++) {
		out[i] = bits;
		if (i & HINTS_SANS_MIXED)
			out[i] &= (unsigned char)~LINKS_MIXED;
		if (i & HINTS_SANS_UNWATCHED)
			out[i] &= (unsigned char)~LINKS_UNWATCHED;
	}
}

/* Writes the new file FD. 0 or -errno. */
static int begin(int fd)
{
	const unsigned char first[HINTS_SIZE] = { 0 };
	/* Despite the umask: other users of the session must be able to read it. */
	int ret = sys_fchmod(fd, HOLE(hints) ? 0666 : 0644);

	if (ret == 0)
		ret = sys_write_all(fd, first, sizeof first);
	if (ret == -EFBIG)
		signals_drop(SIGXFSZ);
	return ret;
}

int hints_make(int rootfd, bool meets)
{
	const int how = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	/* Without it, who is first may have made the file, but not yet written it. */
	const int lock = meets ? hints_lock(rootfd) : -1;
	int fd = sys_openat(rootfd, HINTS_NAME, how | O_CREAT | O_EXCL, 0644), ret;
	struct statx st = { .stx_size = 0 };

	if (fd == -EEXIST && meets) {
		fd = sys_openat(rootfd, HINTS_NAME, how, 0);
		if (fd >= 0)
			sys_statx(fd, "", AT_EMPTY_PATH, &st);
	}
	ret = fd < 0 ? fd : 0;
	/* Not all is there: who began died, or the file system was full. */
	if (ret == 0 && st.stx_size < HINTS_SIZE)
		ret = begin(fd);
	if (fd >= 0)
		sys_close(fd);
	if (lock >= 0)
		sys_close(lock);
	return ret;
}

/* An admitted user can search the root, but not read it. */
static int open_as_guest(const char *root, unsigned owner)
{
	char path[POLICY_ROOT_MAX + sizeof "/" HINTS_NAME];
	size_t n = strlen(root);
	struct statx st;
	int fd, ret;

	if (n > POLICY_ROOT_MAX)
		return -ENAMETOOLONG;
	memcpy(path, root, n);
	memcpy(path + n, "/" HINTS_NAME, sizeof "/" HINTS_NAME);
	fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
			0);
	if (fd < 0)
		return fd;
	ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);
	/* A mapping of no byte would kill who looks at it. */
	if (ret == 0 && trust_hints(&st, owner) && st.stx_size >= HINTS_BYTES)
		return fd;
	sys_close(fd);
	return ret < 0 ? ret : -EPERM;
}

const unsigned char *hints_map(const char *root, unsigned owner)
{
	const unsigned char *page;
	int fd = open_as_guest(root, owner), error;

	if (fd < 0)
		return hints_unknown;
	page = sys_map_file(fd, HINTS_SIZE, PROT_READ, &error);
	sys_close(fd);
	return page ? page : hints_unknown;
}

int hints_lock(int rootfd)
{
	int fd = sys_openat(rootfd, LOCK_NAME,
			    O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	for (int i = 0; fd >= 0 && i < MOMENTS; i++) {
		if (sys_flock(fd, LOCK_EX | LOCK_NB) != -EWOULDBLOCK)
			break;
		sys_moment();
	}
	return fd;
}

/* Opens the hints to change them, as their owner. -errno where they cannot be. */
static int open_to_change(const char *root, unsigned owner)
{
	struct statx st;
	int dir = trust_open_root(root, owner, &st), fd, ret;

	if (dir < 0)
		return dir;
	fd = sys_openat(dir, HINTS_NAME, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	sys_close(dir);
	if (fd < 0)
		return fd;
	ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);
	if (ret == 0 && !trust_hints(&st, owner))
		ret = -EPERM;
	/* Of a session that an older shim has made there are fewer. */
	if (ret == 0 && st.stx_size <= HINTS_JOINED)
		ret = -ENODATA;
	if (ret == 0)
		return fd;
	sys_close(fd);
	return ret;
}

/* Where the program may make no file that long (ulimit -f 0). */
static int put_by_mapping(int fd, const unsigned char *bytes, size_t n, size_t at)
{
	int error;
	unsigned char *page =
		sys_map_file(fd, HINTS_SIZE, PROT_READ | PROT_WRITE, &error);

	if (!page)
		return -error;
	for (size_t i = 0; i < n; i++)
		__atomic_store_n(page + at + i, bytes[i], __ATOMIC_RELEASE);
	sys_unmap(page, HINTS_SIZE);
	return 0;
}

/*
 * Writes N BYTES at AT. Not by a mapping, if it can be: a store there would kill the program
 * where the file system is full and writes all anew, as btrfs does.
 */
static int put(int fd, const void *bytes, size_t n, size_t at)
{
	const struct signals limit = signals_of(SIGXFSZ, SIGXFSZ);
	struct signals before;
	ssize_t put;

	signals_block(&limit, &before);
	put = sys_pwrite(fd, bytes, n, (long)at);
	if (put == -EFBIG)
		signals_drop(SIGXFSZ);
	signals_restore(&before);
	if (put == -EFBIG)
		return put_by_mapping(fd, bytes, n, at);
	return put < 0 ? (int)put : put == (ssize_t)n ? 0 : -EIO;
}

int hints_change(const char *root, unsigned owner, unsigned char set, unsigned char clear)
{
	unsigned char bytes[HINTS_BYTES] = { 0 };
	struct statx st;
	int dir = trust_open_root(root, owner, &st), lock, fd, ret;

	if (dir < 0)
		return dir;
	lock = hints_lock(dir);
	sys_close(dir);
	fd = ret = open_to_change(root, owner);
	if (fd >= 0 && sys_pread(fd, bytes, 1, 0) != 1)
		ret = -EIO;
	if (ret >= 0) {
		spread((unsigned char)((bytes[0] | set) & ~clear), bytes);
		ret = put(fd, bytes, sizeof bytes, 0);
	}
	if (fd >= 0)
		sys_close(fd);
	if (lock >= 0)
		sys_close(lock);
	return ret;
}

static int store(const char *root, unsigned owner, size_t at, char value)
{
	int fd = open_to_change(root, owner), ret;

	if (fd < 0)
		return fd;
	ret = put(fd, &value, 1, at);
	sys_close(fd);
	return ret;
}

int hints_joined(const char *root, unsigned owner, char value)
{
	return store(root, owner, HINTS_JOINED, value);
}

char hints_read_joined(const char *root, unsigned owner)
{
	const int fd = open_as_guest(root, owner);
	char value = '\0';

	if (fd < 0)
		return value;
	sys_pread(fd, &value, 1, HINTS_JOINED);
	sys_close(fd);
	return value;
}

int hints_keeper(const char *root, unsigned owner)
{
	return store(root, owner, HINTS_KEEPER, 'k');
}

unsigned char hints_of_doors(int rootfd, bool *keepers)
{
	unsigned char bytes[HINTS_KEEPER + 1] = { 0 };
	const int fd = sys_openat(rootfd, HINTS_NAME,
				  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	ssize_t n = -1;

	if (fd >= 0) {
		n = sys_pread(fd, bytes, sizeof bytes, 0);
		sys_close(fd);
	}
	*keepers = n == sizeof bytes && bytes[HINTS_KEEPER] == 'k';
	return n > 0 ? bytes[0] & LINKS_DOOR : 0;
}

unsigned hints_hash(const char *name)
{
	unsigned hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash ? hash : 1;
}

bool hints_news(unsigned *told, size_t n, unsigned what)
{
	for (size_t i = 0; i < n; i++) {
		unsigned found = 0;

		if (__atomic_compare_exchange_n(told + i, &found, what, false,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
		if (found == what)
			return false;
	}
	return false;
}

bool hints_tell(const char *root, unsigned owner, unsigned what)
{
	unsigned told[HINTS_TOLDS] = { 0 };
	int fd = open_to_change(root, owner);
	size_t i = 0;
	bool news;

	if (fd < 0)
		return true;
	/* Who does so at the same time may tell it again, which is no harm. */
	sys_pread(fd, told, sizeof told, HINTS_TOLD);
	news = hints_news(told, HINTS_TOLDS, what);
	while (news && told[i] != what)
		i++;
	if (news)
		put(fd, &what, sizeof what, HINTS_TOLD + i * sizeof what);
	sys_close(fd);
	return news;
}
