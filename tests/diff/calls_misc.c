/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Terminals, the dynamic loader, watchers, named IPC, the root, identities. */
#define _GNU_SOURCE
#include "driver.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <libintl.h>
#include <limits.h>
#include <link.h>
#include <nl_types.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIMPLE(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		RET(call); \
	}

static void c_ttyname(const struct args *a)
{
	const char *p;
	RET_POINTER(p, ttyname(FD(0)));
	out_text(p);
}

static void c_ttyname_r(const struct args *a)
{
	char buffer[256];
	memset(buffer, FILL, sizeof buffer);
	RET(ttyname_r(FD(0), buffer, (size_t)N(1, 200)));
	out_buffer(buffer, sizeof buffer,
		   last_result() == 0 ? (long)strlen(buffer) + 1 : 0);
}

/* A terminal of our own; the register gets its master. */
static void c_openpty(const struct args *a)
{
	(void)a;
	RET(posix_openpt(O_RDWR | O_NOCTTY));
	if (last_result() >= 0) {
		int master = (int)last_result();
		char name[64];
		if (grantpt(master) != 0 || unlockpt(master) != 0 ||
		    ptsname_r(master, name, sizeof name) != 0)
			out(" %s", error_name(errno));
		else
			out_text(name);
	}
}

/*
 * A name that libc has kept, by what it leads to: under the shim it is kept
 * without dots and links.
 */
static void out_leads_to(const char *name)
{
	char real[PATH_MAX];
	out_text(name && realpath(name, real) ? real : "nowhere");
}

static void c_dlopen(const struct args *a)
{
	void *handle;
	RET_POINTER(handle, dlopen(P(0), RTLD_NOW));
	if (!handle)
		return;
	void *symbol = dlsym(handle, a->count > 1 ? a->word[1] : "probe");
	Dl_info info;
	if (symbol && dladdr(symbol, &info))
		out_leads_to(info.dli_fname);
#ifdef __GLIBC__
	/* The link_map itself is the dynamic linker's: a documented limit. */
	struct link_map *extra = NULL;
	char origin[PATH_MAX];
	if (dlinfo(handle, RTLD_DI_ORIGIN, origin) == 0)
		out_leads_to(origin);
	if (symbol && dladdr1(symbol, &info, (void **)&extra, RTLD_DL_LINKMAP))
		out_leads_to(info.dli_fname);
#endif
	dlclose(handle);
}

static int out_object(struct dl_phdr_info *info, size_t size, void *wanted)
{
	(void)size;
	if (strstr(info->dlpi_name, wanted))
		out_text(info->dlpi_name);
	return 0;
}

/* dl_iterate_phdr PATH NAME: what the list of loaded objects says of a library. */
static void c_dl_iterate_phdr(const struct args *a)
{
	void *handle = dlopen(P(0), RTLD_NOW);
	RET(dl_iterate_phdr(out_object, a->word[1]));
	if (handle)
		dlclose(handle);
}

static void c_dlerror(const struct args *a)
{
	void *handle = dlopen(P(0), RTLD_NOW);
	out_text(handle ? "loaded" : dlerror());
	if (handle)
		dlclose(handle);
}

SIMPLE(inotify_init1, inotify_init1((int)N(0, IN_NONBLOCK | IN_CLOEXEC)))
SIMPLE(inotify_add_watch, inotify_add_watch(FD(0), P(1), (uint32_t)N(2, 0)))

static void c_inotify_read(const struct args *a)
{
	char buffer[4096] __attribute__((aligned(8)));
	ssize_t n = read(FD(0), buffer, sizeof buffer);
	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const void *)(buffer + at);
		out(" wd=%d mask=%x", e->wd, e->mask);
		out_text(e->len ? e->name : "");
		at += (ssize_t)sizeof *e + (ssize_t)e->len;
	}
}

/* The key is made of inode and device: that it is the same for two names is told. */
static void c_ftok(const struct args *a)
{
	errno = UNTOUCHED;
	key_t one = ftok(P(0), 1);
	int error = errno;
	key_t other = ftok(P(1), 1);
	out(" => %s %s same=%d", one == -1 ? "-1" : "key", error_name(error),
	    one == other);
}

static void c_name_to_handle_at(const struct args *a)
{
#ifdef __GLIBC__
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} h;
	int mount_id;
	h.handle.handle_bytes = MAX_HANDLE_SZ;
	RET(name_to_handle_at(FD(0), P(1), &h.handle, &mount_id, (int)N(2, 0)));
	if (last_result() == 0)
		out(" type=%d bytes=%u", h.handle.handle_type, h.handle.handle_bytes);
#else
	(void)a;
#endif
}

static void c_catopen(const struct args *a)
{
	errno = UNTOUCHED;
	nl_catd catalogue = catopen(P(0), 0);
	out_pointer(catalogue == (nl_catd)-1 ? NULL : (void *)a, errno);
	if (catalogue != (nl_catd)-1)
		catclose(catalogue);
}

static void c_bindtextdomain(const struct args *a)
{
	const char *p;
	p = bindtextdomain("diff", P(0));
	out_pointer(p, errno);
	out_leads_to(p);
	p = bindtextdomain("diff", NULL);
	out_pointer(p, errno);
	out_leads_to(p);
}

/* Names of IPC objects only look like paths. */
static void c_shm_open(const struct args *a)
{
	RET(shm_open(P(0), O_RDWR | O_CREAT, 0600));
	RET(shm_unlink(P(0)));
}

static void c_sem_open(const struct args *a)
{
	errno = UNTOUCHED;
	sem_t *s = sem_open(P(0), O_CREAT, 0600, 1);
	out_pointer(s == SEM_FAILED ? NULL : s, errno);
	if (s != SEM_FAILED)
		sem_close(s);
	RET(sem_unlink(P(0)));
}

SIMPLE(chroot, chroot(P(0)))
SIMPLE(setuid, setuid((uid_t)N(0, 0)))
SIMPLE(setgid, setgid((gid_t)N(0, 0)))
SIMPLE(seteuid, seteuid((uid_t)N(0, 0)))
SIMPLE(bind_mount, mount(P(0), P(1), NULL, MS_BIND, NULL))
SIMPLE(umount, umount(P(0)))
SIMPLE(umount2, umount2(P(0), (int)N(1, 0)))
SIMPLE(acct, acct(P(0)))
SIMPLE(closefrom, (closefrom((int)N(0, 3)), 0))
SIMPLE(close_range, close_range((unsigned)N(0, 3), ~0U, 0))

const struct call calls_misc[] = { CALL(ttyname),
				   CALL(ttyname_r),
				   CALL(openpty),
				   CALL(dlopen),
				   CALL(dl_iterate_phdr),
				   CALL(dlerror),
				   CALL(inotify_init1),
				   CALL(inotify_add_watch),
				   CALL(inotify_read),
				   CALL(ftok),
				   CALL(name_to_handle_at),
				   CALL(catopen),
				   CALL(bindtextdomain),
				   CALL(shm_open),
				   CALL(sem_open),
				   CALL(chroot),
				   CALL(setuid),
				   CALL(setgid),
				   CALL(seteuid),
				   CALL(bind_mount),
				   CALL(umount),
				   CALL(umount2),
				   CALL(acct),
#ifdef __GLIBC__
				   CALL(closefrom),
				   CALL(close_range),
#endif
				   END_OF_CALLS };
