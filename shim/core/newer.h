/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the headers of an older libc or kernel lack, down to glibc 2.17 and Linux 3.10: the
 * shim may run with newer ones, where programs use these calls by their numbers. Source:
 * the kernel's uapi headers. Numbers from 403 on are the same on most machines.
 */
#ifndef PRIVTMP_NEWER_H
#define PRIVTMP_NEWER_H

#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#if defined __NR_Linux /* MIPS */
#define NEWER(n) (__NR_Linux + (n))
#elif defined __alpha__
#define NEWER(n) ((n) + 110)
#elif defined __ILP32__ && defined __x86_64__
#define NEWER(n) (0x40000000 + (n))
#else
#define NEWER(n) (n)
#endif

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup NEWER(425)
#endif
#ifndef SYS_open_tree
#define SYS_open_tree NEWER(428)
#endif
#ifndef SYS_move_mount
#define SYS_move_mount NEWER(429)
#endif
#ifndef SYS_fspick
#define SYS_fspick NEWER(433)
#endif
#ifndef SYS_clone3
#define SYS_clone3 NEWER(435)
#endif
#ifndef SYS_close_range
#define SYS_close_range NEWER(436)
#endif
#ifndef SYS_openat2
#define SYS_openat2 NEWER(437)
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 NEWER(439)
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr NEWER(442)
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset NEWER(444)
#define SYS_landlock_add_rule NEWER(445)
#define SYS_landlock_restrict_self NEWER(446)
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 NEWER(452)
#endif
#ifndef SYS_statmount
#define SYS_statmount NEWER(457)
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat NEWER(463)
#define SYS_getxattrat NEWER(464)
#define SYS_listxattrat NEWER(465)
#define SYS_removexattrat NEWER(466)
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr NEWER(467)
#endif
#ifndef SYS_file_getattr
#define SYS_file_getattr NEWER(468)
#define SYS_file_setattr NEWER(469)
#endif

/* Each machine has numbers of its own for those that are older. */
#if defined __x86_64__ && defined __LP64__
#define NEWER_OF(x86_64, i386, generic) x86_64
#elif defined __i386__
#define NEWER_OF(x86_64, i386, generic) i386
#elif defined __aarch64__ || defined __riscv
#define NEWER_OF(x86_64, i386, generic) generic
#endif
#ifdef NEWER_OF
#ifndef SYS_renameat2
#define SYS_renameat2 NEWER_OF(316, 353, 276)
#endif
#ifndef SYS_seccomp
#define SYS_seccomp NEWER_OF(317, 354, 277)
#endif
#ifndef SYS_getrandom
#define SYS_getrandom NEWER_OF(318, 355, 278)
#endif
#ifndef SYS_memfd_create
#define SYS_memfd_create NEWER_OF(319, 356, 279)
#endif
#ifndef SYS_execveat
#define SYS_execveat NEWER_OF(322, 358, 281)
#endif
#ifndef SYS_statx
#define SYS_statx NEWER_OF(332, 383, 291)
#endif
#endif
#if defined __i386__ && !defined SYS_bind
#define SYS_socket 359
#define SYS_bind 361
#define SYS_connect 362
#define SYS_accept4 364
#define SYS_getsockname 367
#define SYS_getpeername 368
#define SYS_sendto 369
#define SYS_sendmsg 370
#define SYS_recvfrom 371
#define SYS_recvmsg 372
#endif
#if !defined __LP64__ && !defined __ILP32__ && !defined SYS_utimensat_time64
#define SYS_utimensat_time64 NEWER(412)
#endif

#ifdef HAVE_LINUX_STRUCT_STATX
#include <linux/stat.h> /* a musl before 1.2.4 */
#elif !defined HAVE_STRUCT_STATX && !defined STATX_BASIC_STATS
struct statx_timestamp {
	int64_t tv_sec;
	uint32_t tv_nsec;
	int32_t reserved;
};

struct statx {
	uint32_t stx_mask;
	uint32_t stx_blksize;
	uint64_t stx_attributes;
	uint32_t stx_nlink;
	uint32_t stx_uid;
	uint32_t stx_gid;
	uint16_t stx_mode;
	uint16_t padding;
	uint64_t stx_ino;
	uint64_t stx_size;
	uint64_t stx_blocks;
	uint64_t stx_attributes_mask;
	struct statx_timestamp stx_atime, stx_btime, stx_ctime, stx_mtime;
	uint32_t stx_rdev_major, stx_rdev_minor;
	uint32_t stx_dev_major, stx_dev_minor;
	uint64_t stx_mnt_id;
	uint64_t spare[13];
};
_Static_assert(sizeof(struct statx) == 256, "as the kernel writes it");
#endif
#ifndef STATX_BASIC_STATS
#define STATX_INO 0x100U
#define STATX_BASIC_STATS 0x7ffU
#endif
#ifndef STATX_ATTR_IMMUTABLE
#define STATX_ATTR_IMMUTABLE 0x10
#define STATX_ATTR_APPEND 0x20
#endif
#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000
#endif
#ifndef AT_STATX_DONT_SYNC
#define AT_STATX_DONT_SYNC 0x4000
#endif

#ifndef O_TMPFILE
#define O_TMPFILE (020000000 | O_DIRECTORY)
#endif
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#endif
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1U
#endif
#ifndef GRND_NONBLOCK
#define GRND_NONBLOCK 1
#endif
#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_IS_SET 1
#endif
#ifndef SECCOMP_SET_MODE_STRICT
#define SECCOMP_SET_MODE_STRICT 0
#define SECCOMP_SET_MODE_FILTER 1
#endif
#ifndef SECCOMP_FILTER_FLAG_TSYNC
#define SECCOMP_FILTER_FLAG_TSYNC 1
#endif
#ifndef SECCOMP_FILTER_FLAG_NEW_LISTENER
#define SECCOMP_FILTER_FLAG_NEW_LISTENER 8
#endif
#ifndef SECCOMP_RET_ACTION_FULL
#define SECCOMP_RET_ACTION_FULL 0xffff0000U
#endif
#ifndef SECCOMP_RET_LOG
#define SECCOMP_RET_LOG 0x7ffc0000U
#endif

/* struct statmount, as far as it is used. Texts are behind it, by their offsets there. */
struct mount_told {
	uint64_t head, mask; /* what is told: MOUNT_* */
	uint64_t other[11];
	uint32_t root, point; /* offsets */
	uint32_t rest[100];
};
_Static_assert(sizeof(struct mount_told) == 512, "as the kernel has it");
enum { MOUNT_ROOT = 8, MOUNT_POINT = 16 };

#ifdef HAVE_LINUX_OPENAT2_H
#include <linux/openat2.h>
#else
struct open_how {
	uint64_t flags, mode, resolve;
};
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08
#define RESOLVE_IN_ROOT 0x10
#endif

#endif
