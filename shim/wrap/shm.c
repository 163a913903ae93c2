/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Named shared memory and semaphores, which libc keeps in /dev/shm, where that is
 * guarded; and message queues, which are in the kernel and cannot be redirected.
 */
#define _GNU_SOURCE
#include "wrap/shm.h"
#include "core/report.h"
#include "core/sys.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

static const char shm[] = "/dev/shm/", sem[] = "/dev/shm/sem.";

enum {
	SHM_PATH = sizeof sem + NAME_MAX,
	TRIES = 16, /* to open or make a semaphore */
};

/* Whether DIR (with a trailing slash) lies in a guarded directory. */
static bool is_guarded(const char *dir)
{
	if (session_ask() && !pt_view.policy)
		return false;
	return view_guard_of(dir, strlen(dir), NULL) >= 0;
}

/*
 * Whether NAME is redirected; PATH is its path in the view. Other names are invalid, which
 * libc decides: what it would take, as ".x" and names of NAME_MAX, must not get there.
 */
static bool is_led_name(const char *begin, const char *name, char path[SHM_PATH])
{
	size_t len;

	if (!name || !is_guarded(begin))
		return false;
	while (*name == '/')
		name++;
	len = strlen(name);
	if (!len || len + strlen(begin) + 1 - sizeof shm > NAME_MAX || strchr(name, '/'))
		return false;
	text_put(text_put(path, begin), name);
	return true;
}

/* open(2) of the view's PATH. A descriptor, or -errno. */
static int open_path(const char *path, int flags, unsigned mode)
{
	struct route r;
	int fd;

	flags |= O_NOFOLLOW | O_CLOEXEC;
	char room[route_plan(&r, AT_FDCWD, path,
			     flags & O_CREAT ? CREATE_NOFOLLOW : NOFOLLOW, ROUTE_WRITE)];

	if (route_go(&r, room) < 0)
		return -errno;
	fd = sys_openat(AT_FDCWD, r.path, flags, mode);
	route_end(&r);
	return fd;
}

/* link(2) of the view's paths. 0 or -errno. */
static int link_path(const char *from, const char *to)
{
	struct route a, b;
	int ret;
	char from_room[route_plan(&a, AT_FDCWD, from, NOFOLLOW, ROUTE_READ)];
	char to_room[route_plan(&b, AT_FDCWD, to, PARENT, ROUTE_WRITE)];

	if (route_go(&a, from_room) < 0)
		return -errno;
	if (route_go(&b, to_room) < 0) {
		ret = -errno;
		route_end_first(&a);
		return ret;
	}
	ret = (int)SYS5(SYS_linkat, AT_FDCWD, a.path, AT_FDCWD, b.path, 0);
	route_end(&b);
	route_end(&a);
	return ret;
}

static int unlink_path(const char *path)
{
	struct route r;
	int ret;
	char room[route_plan(&r, AT_FDCWD, path, PARENT, ROUTE_WRITE | ROUTE_UNLINK)];

	if (route_go(&r, room) < 0)
		return -1;
	ret = sys_unlinkat(AT_FDCWD, r.path, 0);
	route_end(&r);
	if (ret == 0)
		return 0;
	errno = ret == -EPERM ? EACCES : -ret;
	return -1;
}

WRAP(int, shm_open, const char *name, int flags, unsigned mode);

int pt_shm_open(const char *name, int flags, unsigned mode)
{
	char path[SHM_PATH];
	int fd;

	if (!is_led_name(shm, name, path))
		return REAL(shm_open)(name, flags, mode);
	fd = open_path(path, flags, mode);
	if (fd >= 0)
		return fd;
	errno = fd == -EISDIR ? EINVAL : -fd;
	return -1;
}

WRAP(int, shm_unlink, const char *name);

int pt_shm_unlink(const char *name)
{
	char path[SHM_PATH];

	return is_led_name(shm, name, path) ? unlink_path(path) : REAL(shm_unlink)(name);
}

/* -- Semaphores: a file that holds one, mapped once in a process -- */

enum { SEMAPHORES = 256 };

static struct opened {
	void *at;
	unsigned long long inode;
	unsigned uses;
} opened[SEMAPHORES];

static bool busy;

/* Milliseconds to wait for another thread. (A handler may have interrupted the holder.) */
enum { LOCK_MOMENTS = 2000 };

static void lock(void)
{
	for (int i = 0;
	     i < LOCK_MOMENTS && __atomic_exchange_n(&busy, true, __ATOMIC_ACQUIRE); i++)
		sys_moment();
}

static void unlock(void)
{
	__atomic_store_n(&busy, false, __ATOMIC_RELEASE);
}

static struct opened *place_of(unsigned long long inode)
{
	struct opened *free = NULL;

	for (int i = 0; i < SEMAPHORES; i++) {
		if (opened[i].uses && opened[i].inode == inode)
			return &opened[i];
		if (!opened[i].uses && !free)
			free = &opened[i];
	}
	return free;
}

/* Maps the semaphore FD, which is closed. NULL with errno. */
static void *map_semaphore(int fd)
{
	struct opened *place;
	struct statx st;
	void *at = NULL;
	int error = ENFILE;

	lock();
	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) < 0 || st.stx_size < sizeof(sem_t)) {
		error = EINVAL;
		place = NULL;
	} else {
		place = place_of(st.stx_ino);
	}
	if (place && place->uses)
		at = place->at;
	else if (place)
		at = sys_map_file(fd, sizeof(sem_t), PROT_READ | PROT_WRITE, &error);
	if (at) {
		place->at = at;
		place->inode = st.stx_ino;
		place->uses++;
	}
	unlock();
	sys_close(fd);
	if (!at)
		errno = error;
	return at;
}

typedef int sem_init_fn(sem_t *made, int shared, unsigned value);

static const char hidden_name[] = "/dev/shm/.sem-";

/* Makes a file at PATH with a semaphore. A descriptor, or -errno. */
static int make_semaphore(const char *path, unsigned mode, unsigned value)
{
	static void *init;
	char hidden[sizeof hidden_name + SYS_DECIMAL];
	uint64_t number;
	sem_t first;
	int fd, ret;

	memset(&first, 0, sizeof first);
	if (((sem_init_fn *)wrap_real(&init, "sem_init"))(&first, 1, value) < 0)
		return -errno;
	if (sys_getrandom(&number, sizeof number) != sizeof number)
		return -EAGAIN;
	strcpy(hidden, hidden_name);
	hidden[strlen(hidden) +
	       sys_decimal((unsigned long)number, hidden + strlen(hidden))] = '\0';
	fd = open_path(hidden, O_RDWR | O_CREAT | O_EXCL, mode);
	if (fd < 0)
		return fd;
	ret = sys_write_all(fd, &first, sizeof first);
	if (ret == 0)
		ret = link_path(hidden, path);
	unlink_path(hidden);
	if (ret == 0)
		return fd;
	sys_close(fd);
	return ret;
}

WRAP(void *, sem_open, const char *name, int flags, unsigned mode, unsigned value);

void *pt_sem_open(const char *name, int flags, unsigned mode, unsigned value)
{
	char path[SHM_PATH];
	int saved = errno, fd;
	void *at;

	if (!is_led_name(sem, name, path))
		return REAL(sem_open)(name, flags, mode, value);
	/* Another process may make or remove it between two steps. */
	for (int tries = 0; tries < TRIES; tries++) {
		const bool exclusive = (flags & O_CREAT) && (flags & O_EXCL);

		fd = exclusive ? -ENOENT : open_path(path, O_RDWR, 0);
		if (fd == -ENOENT && (flags & O_CREAT))
			fd = make_semaphore(path, mode, value);
		if (fd != -ENOENT && (fd != -EEXIST || exclusive))
			break;
		if (!(flags & O_CREAT))
			break;
	}
	if (fd < 0) {
		errno = -fd;
		return SEM_FAILED;
	}
	at = map_semaphore(fd);
	if (!at)
		return SEM_FAILED;
	errno = saved;
	return at;
}

WRAP(int, sem_close, void *semaphore);

int pt_sem_close(void *semaphore)
{
	bool ours = false;

	lock();
	for (int i = 0; semaphore && i < SEMAPHORES && !ours; i++) {
		ours = opened[i].uses && opened[i].at == semaphore;
		if (ours && --opened[i].uses == 0)
			sys_unmap(semaphore, sizeof(sem_t));
	}
	unlock();
	return ours ? 0 : REAL(sem_close)(semaphore);
}

WRAP(int, sem_unlink, const char *name);

int pt_sem_unlink(const char *name)
{
	char path[SHM_PATH];

	return is_led_name(sem, name, path) ? unlink_path(path) : REAL(sem_unlink)(name);
}

/* -- Message queues -- */

bool shm_refuses_queue(const char *name)
{
	static bool told;

	if (!is_guarded("/dev/mqueue/"))
		return false;
	if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		report(name ? name : "",
		       "a message queue is the kernel's, and cannot be "
		       "private",
		       EACCES, "do not guard /dev/mqueue");
	errno = EACCES;
	return true;
}

WRAP(int, mq_open, const char *name, int flags, unsigned mode, void *attributes);

int pt_mq_open(const char *name, int flags, unsigned mode, void *attributes)
{
	return shm_refuses_queue(name) ? -1 :
					 REAL(mq_open)(name, flags, mode, attributes);
}

WRAP(int, __mq_open_2, const char *name, int flags);

int pt___mq_open_2(const char *name, int flags)
{
	return shm_refuses_queue(name) ? -1 : REAL(__mq_open_2)(name, flags);
}

WRAP(int, mq_unlink, const char *name);

int pt_mq_unlink(const char *name)
{
	return shm_refuses_queue(name) ? -1 : REAL(mq_unlink)(name);
}
