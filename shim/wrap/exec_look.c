/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inspects a file that is about to be executed; see exec_look.h. */
#define _GNU_SOURCE
#include "wrap/exec_look.h"
#include "core/compiler.h"
#include "core/image.h"
#include "core/owner.h"
#include "core/sys.h"
#include "wrap/binfmt.h"
#include "wrap/exec.h"
#include "wrap/setuid.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* -- Memory of files -- */

enum {
	MEMORY = 16,
	SEEN_CAPS = 64,	  /* has file capabilities */
	ASKED_CAPS = 128, /* that was checked */
};

/* The words of a file's key: not every machine reads more than one atomically. */
enum { KEY = 7 };

/*
 * Threads, and children that share memory, use this at the same time. A reader compares
 * TURN before and after. A writer makes it odd meanwhile. If it dies, TURN stays odd,
 * and the row unused.
 */
struct seen {
	unsigned turn;
	unsigned facts;
	uint32_t key[KEY];
};

static struct seen memory[MEMORY];

static void key_of(const struct statx *st, uint32_t key[KEY])
{
	key[0] = st->stx_dev_major;
	key[1] = st->stx_dev_minor;
	key[2] = (uint32_t)st->stx_ino;
	key[3] = (uint32_t)(st->stx_ino >> 32);
	key[4] = (uint32_t)st->stx_ctime.tv_sec;
	key[5] = (uint32_t)((uint64_t)st->stx_ctime.tv_sec >> 32);
	key[6] = st->stx_ctime.tv_nsec;
}

static struct seen *row_of(const uint32_t key[KEY])
{
	return &memory[(key[2] ^ key[2] >> 8) % MEMORY];
}

/* Whether the file KEY is known; *FACTS about it. */
static bool recall(const uint32_t key[KEY], unsigned *facts)
{
	const struct seen *row = row_of(key);
	const unsigned turn = __atomic_load_n(&row->turn, __ATOMIC_ACQUIRE);
	bool same = turn && !(turn & 1);

	*facts = __atomic_load_n(&row->facts, __ATOMIC_ACQUIRE);
	for (int i = 0; i < KEY; i++)
		same &= __atomic_load_n(&row->key[i], __ATOMIC_ACQUIRE) == key[i];
	return same && __atomic_load_n(&row->turn, __ATOMIC_RELAXED) == turn;
}

static void remember(const uint32_t key[KEY], unsigned facts)
{
	struct seen *row = row_of(key);
	unsigned turn = __atomic_load_n(&row->turn, __ATOMIC_RELAXED);

	if (turn & 1 || !__atomic_compare_exchange_n(&row->turn, &turn, turn + 1, false,
						     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&row->facts, facts, __ATOMIC_RELEASE);
	for (int i = 0; i < KEY; i++)
		__atomic_store_n(&row->key[i], key[i], __ATOMIC_RELEASE);
	__atomic_store_n(&row->turn, turn + 2, __ATOMIC_RELEASE);
}

/* -- Its contents -- */

/*
 * Splits "#! interpreter [argument]" as the kernel does. If the line does not end in the
 * first 256 bytes, the last of them is lost, and a name that may go on is none. If it does
 * not end at all, the argument keeps spaces behind it and can be empty.
 */
static bool parse_script(struct script *s)
{
	char *const last = s->head + SCRIPT_HEAD - 1;
	char *at = s->head + 2, *end = at + strcspn(at, "\n");

	if (!*end) {
		end = at + strspn(at, " \t");
		if (end + strcspn(end, " \t") > last)
			return false;
		end = last;
	}
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	at += strspn(at, " \t");
	s->interpreter = at;
	at += strcspn(at, " \t");
	s->argument = *at ? at + strspn(at, " \t") : NULL;
	*at = '\0';
	return *s->interpreter != '\0';
}

static bool read_script(const unsigned char *head, size_t n, struct script *s)
{
	if (n <= 2 || head[0] != '#' || head[1] != '!')
		return false;
	if (n > SCRIPT_HEAD)
		n = SCRIPT_HEAD;
	memset(s->head, 0, sizeof s->head);
	memcpy(s->head, head, n);
	return parse_script(s);
}

/* The ELF header of the shim. */
extern const ElfW(Ehdr) own_header __asm__("__ehdr_start") PRIVTMP_HIDDEN;

/* Machines that run each other's programs, besides those with two word sizes. */
static const unsigned short pairs[][2] = {
	{ EM_X86_64, EM_386 },
	{ EM_AARCH64, EM_ARM },
	{ EM_PPC64, EM_PPC },
	{ EM_SPARCV9, EM_SPARC },
};

static bool is_pair(unsigned short a, unsigned short b)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if ((pairs[i][0] == a && pairs[i][1] == b) ||
		    (pairs[i][0] == b && pairs[i][1] == a))
			return true;
	return a == b;
}

#ifdef __GLIBC__
#define SHIM_IS_MUSL false
#else
#define SHIM_IS_MUSL true
#endif

/* The facts of IMAGE, whose file begins with the N bytes at HEAD. */
static unsigned judge(const struct image *image, const unsigned char *head, size_t n)
{
	const bool same_class = image->class == own_header.e_ident[EI_CLASS];

	if (!image->known || !image->runs)
		return 0;
	if (image->order != own_header.e_ident[EI_DATA] ||
	    (same_class ? image->machine != own_header.e_machine :
			  !is_pair(image->machine, own_header.e_machine)))
		return binfmt_has(head, n) ? LOOK_ALIEN : 0;
	if (image->is_static)
		return image->tool ? 0 : LOOK_STATIC;
	if (!same_class && !exec_has_other())
		return LOOK_OTHER;
	if (same_class && image->is_dynamic && image->musl != SHIM_IS_MUSL)
		return LOOK_LIBC;
	if (!image->is_dynamic)
		return LOOK_LOADER;
	return image->go ? LOOK_DIRECT : 0;
}

/* The facts in the file look->fd. */
static __attribute__((noinline)) unsigned read_file(struct look *look)
{
	unsigned char head[IMAGE_HEAD];
	ssize_t n = sys_pread(look->fd, head, sizeof head, 0);
	struct image image;

	if (n < 0)
		return LOOK_UNREAD;
	if (read_script(head, (size_t)n, &look->script))
		return LOOK_SCRIPT;
	image_look(look->fd, head, (size_t)n, &image);
	return judge(&image, head, (size_t)n);
}

/* -- Its rights -- */

/*
 * Whether the kernel runs the file in secure-execution mode, in which ld.so ignores
 * LD_PRELOAD: with another identity or capabilities.
 */
static bool is_secure(const struct look *look, const struct statx *st)
{
	unsigned mode = st->stx_mode;
	unsigned real, effective, saved;
	unsigned long flags;

	if (SYS5(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
	    (look->fd >= 0 && sys_mount_flags(look->fd, &flags) == 0 &&
	     (flags & ST_NOSUID)))
		return false; /* the bits are ignored */
	if (!owner_gives_rights(st->stx_uid, st->stx_gid))
		mode &= 0777;
	sys_getresuid(&real, &effective, &saved);
	if (((mode & S_ISUID) && st->stx_uid != real) ||
	    (real != 0 && (look->facts & SEEN_CAPS)))
		return true;
	return (mode & S_ISGID) && (mode & S_IXGRP) && st->stx_gid != sys_getgid();
}

bool look_two_users(void)
{
	unsigned real, effective, saved;

	sys_getresuid(&real, &effective, &saved);
	return real != effective || sys_getgid() != sys_getegid();
}

/* Whether file capabilities count: they give root nothing. */
static bool caps_count(void)
{
	return getauxval(AT_UID) != 0 || setuid_dropped();
}

/* -- All of it -- */

/* Opens the file for reading. -errno on failure. */
static int open_file(int dirfd, const char *path, int flags)
{
	const int how = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	char name[SYS_FD_PATH];

	if (flags & AT_EMPTY_PATH && !*path) {
		sys_fd_path(dirfd, name);
		return sys_openat(AT_FDCWD, name, how, 0);
	}
	return sys_openat(dirfd, path,
			  how | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0), 0);
}

static unsigned ask_caps(int fd)
{
	return ASKED_CAPS |
	       (SYS4(SYS_fgetxattr, fd, "security.capability", NULL, 0) > 0 ? SEEN_CAPS :
									      0);
}

/* Determines the facts of the file, which is no directory or device. */
static void look_into(struct look *look, int dirfd, const char *path, int flags,
		      const struct statx *st)
{
	const bool caps = caps_count();
	uint32_t key[KEY];

	key_of(st, key);
	if (recall(key, &look->facts) && !(look->facts & LOOK_SCRIPT) &&
	    (look->facts & ASKED_CAPS || !caps) && !(st->stx_mode & (S_ISUID | S_ISGID)))
		return;
	look->fd = open_file(dirfd, path, flags);
	look->facts = look->fd < 0 ? LOOK_UNREAD : read_file(look);
	if (look->facts & LOOK_UNREAD)
		return;
	/* Set-id bits of scripts are ignored. */
	if (caps && !(look->facts & LOOK_SCRIPT))
		look->facts |= ask_caps(look->fd);
	remember(key, look->facts);
}

void look_at(struct look *look, int dirfd, const char *path, int flags)
{
	struct statx st;
	int ret = sys_statx(dirfd, path, flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH),
			    &st);

	look->error = ret == -ENOENT || ret == -ENOTDIR ? -ret : 0;
	look->facts = 0;
	look->fd = -1;
	if (ret < 0 || !S_ISREG(st.stx_mode) || !(st.stx_mode & 0111))
		return;
	look_into(look, dirfd, path, flags, &st);
	if (((st.stx_mode & (S_ISUID | S_ISGID)) || (look->facts & SEEN_CAPS)) &&
	    !(look->facts & LOOK_SCRIPT) && is_secure(look, &st))
		look->facts |= LOOK_SECURE;
	if (!(look->facts & LOOK_SCRIPT) && setuid_dropped() && look_two_users())
		look->facts |= LOOK_SECURE;
}

void look_for_script(struct look *look, int dirfd, const char *path, int flags)
{
	char head[SCRIPT_HEAD];
	ssize_t n = -1;

	look->error = 0;
	look->facts = 0;
	look->fd = open_file(dirfd, path, flags);
	if (look->fd >= 0)
		n = sys_read(look->fd, head, sizeof head);
	if (n > 0 && read_script((unsigned char *)head, (size_t)n, &look->script))
		look->facts = LOOK_SCRIPT;
}

void look_inside(struct look *look, const char *path)
{
	look->error = 0;
	look->facts = 0;
	look->fd = open_file(AT_FDCWD, path, 0);
	if (look->fd >= 0)
		look->facts = read_file(look);
}

void look_end(struct look *look)
{
	if (look->fd >= 0)
		sys_close(look->fd);
	look->fd = -1;
}

void look_through(struct look *look)
{
	for (int i = 0; (look->facts & LOOK_SCRIPT) && i < SCRIPT_NESTING; i++) {
		char name[SCRIPT_HEAD];

		strcpy(name, look->script.interpreter);
		look_end(look);
		look_at(look, AT_FDCWD, name, 0);
	}
}

bool look_may_run(const struct look *look, int dirfd, const char *path)
{
	char name[SYS_FD_PATH];
	unsigned long flags;

	if (!*path) {
		sys_fd_path(dirfd, name);
		path = name;
	}
	return SYS3(SYS_faccessat, dirfd, path, X_OK) == 0 &&
	       (look->fd < 0 ||
		(sys_mount_flags(look->fd, &flags) == 0 && !(flags & ST_NOEXEC)));
}
