/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The numbers; see path_calls.h. shim/syscall says what is done with such a call where it
 * comes by syscall(2), but knows one machine alone, the one that it is built for. Where a
 * path is only handed back (getcwd), or is in a socket's name, the call counts, too.
 */
#include "path_calls.h"

#include <stddef.h>

/* clang-format off */
const struct path_call path_calls[] = {
	/* name              x86-64  i386  arm64 */
	{ "open",              {   2,   5,  -1 } },
	{ "creat",             {  85,   8,  -1 } },
	{ "openat",            { 257, 295,  56 } },
	{ "name_to_handle_at", { 303, 341, 264 } },
	{ "open_tree",         { 428, 428, 428 } },
	{ "stat",              {   4, 106,  -1 } },
	{ "lstat",             {   6, 107,  -1 } },
	{ "stat64",            {  -1, 195,  -1 } },
	{ "lstat64",           {  -1, 196,  -1 } },
	{ "oldstat",           {  -1,  18,  -1 } },
	{ "oldlstat",          {  -1,  84,  -1 } },
	{ "newfstatat",        { 262,  -1,  79 } },
	{ "fstatat64",         {  -1, 300,  -1 } },
	{ "statx",             { 332, 383, 291 } },
	{ "statfs",            { 137,  99,  43 } },
	{ "statfs64",          {  -1, 268,  -1 } },
	{ "access",            {  21,  33,  -1 } },
	{ "faccessat",         { 269, 307,  48 } },
	{ "faccessat2",        { 439, 439, 439 } },
	{ "mkdir",             {  83,  39,  -1 } },
	{ "mkdirat",           { 258, 296,  34 } },
	{ "mknod",             { 133,  14,  -1 } },
	{ "mknodat",           { 259, 297,  33 } },
	{ "rmdir",             {  84,  40,  -1 } },
	{ "unlink",            {  87,  10,  -1 } },
	{ "rename",            {  82,  38,  -1 } },
	{ "renameat",          { 264, 302,  38 } },
	{ "renameat2",         { 316, 353, 276 } },
	{ "link",              {  86,   9,  -1 } },
	{ "linkat",            { 265, 303,  37 } },
	{ "chmod",             {  90,  15,  -1 } },
	{ "fchmodat",          { 268, 306,  53 } },
	{ "chown",             {  92, 182,  -1 } },
	{ "lchown",            {  94,  16,  -1 } },
	{ "chown32",           {  -1, 212,  -1 } },
	{ "lchown32",          {  -1, 198,  -1 } },
	{ "fchownat",          { 260, 298,  54 } },
	{ "truncate",          {  76,  92,  45 } },
	{ "truncate64",        {  -1, 193,  -1 } },
	{ "utime",             { 132,  30,  -1 } },
	{ "utimes",            { 235, 271,  -1 } },
	{ "futimesat",         { 261, 299,  -1 } },
	{ "utimensat",         { 280, 320,  88 } },
	{ "utimensat_time64",  {  -1, 412,  -1 } },
	{ "getxattr",          { 191, 229,   8 } },
	{ "lgetxattr",         { 192, 230,   9 } },
	{ "setxattr",          { 188, 226,   5 } },
	{ "lsetxattr",         { 189, 227,   6 } },
	{ "listxattr",         { 194, 232,  11 } },
	{ "llistxattr",        { 195, 233,  12 } },
	{ "removexattr",       { 197, 235,  14 } },
	{ "lremovexattr",      { 198, 236,  15 } },
	{ "inotify_add_watch", { 254, 292,  27 } },
	{ "fanotify_mark",     { 301, 339, 263 } },
	{ "mount",             { 165,  21,  40 } },
	{ "umount",            {  -1,  22,  -1 } },
	{ "umount2",           { 166,  52,  39 } },
	{ "pivot_root",        { 155, 217,  41 } },
	{ "move_mount",        { 429, 429, 429 } },
	{ "fspick",            { 433, 433, 433 } },
	{ "mount_setattr",     { 442, 442, 442 } },
	{ "swapon",            { 167,  87, 224 } },
	{ "swapoff",           { 168, 115, 225 } },
	{ "quotactl",          { 179, 131,  60 } },
	{ "acct",              { 163,  51,  89 } },
	{ "uselib",            { 134,  86,  -1 } },
	{ "fchmodat2",         { 452, 452, 452 } },
	{ "setxattrat",        { 463, 463, 463 } },
	{ "getxattrat",        { 464, 464, 464 } },
	{ "listxattrat",       { 465, 465, 465 } },
	{ "removexattrat",     { 466, 466, 466 } },
	{ "open_tree_attr",    { 467, 467, 467 } },
	{ "file_getattr",      { 468, 468, 468 } },
	{ "file_setattr",      { 469, 469, 469 } },
	{ "openat2",           { 437, 437, 437 } },
	{ "readlink",          {  89,  85,  -1 } },
	{ "readlinkat",        { 267, 305,  78 } },
	{ "getcwd",            {  79, 183,  17 } },
	{ "unlinkat",          { 263, 301,  35 } },
	{ "symlink",           {  88,  83,  -1 } },
	{ "symlinkat",         { 266, 304,  36 } },
	{ "chdir",             {  80,  12,  49 } },
	{ "chroot",            { 161,  61,  51 } },
	{ "execve",            {  59,  11, 221 } },
	{ "execveat",          { 322, 358, 281 } },
	{ "bind",              {  49, 361, 200 } },
	{ "connect",           {  42, 362, 203 } },
	{ NULL, { -1, -1, -1 } },
};
/* clang-format on */

_Static_assert(sizeof path_calls / sizeof *path_calls <= PATH_CALLS_MAX,
	       "a set of calls has room for each");

int path_call_find(enum code_machine machine, long number)
{
	for (int i = 0; number >= 0 && path_calls[i].name; i++)
		if (path_calls[i].number[machine] == number)
			return i;
	return -1;
}
