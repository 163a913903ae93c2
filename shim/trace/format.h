/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A trace: records that the audited processes write and privtmp audit reads. All of them map
 * the same file, shared, so the records of a killed process remain. Places in the file are
 * taken by atomic additions, so no process waits and no record is lost.
 *
 *     header | images | modules | records | slots | text
 *
 * Its size is fixed, and reserved before it is mapped. The layout is the same for all word
 * sizes. Readers must not trust any number in it: any audited process could have written it.
 */
#ifndef PRIVTMP_TRACE_FORMAT_H
#define PRIVTMP_TRACE_FORMAT_H

#include <stdint.h>

/* The variable that names the file. */
#define TRACE_VARIABLE "PRIVTMP_TRACE"

enum {
	TRACE_MAGIC = 0x70745452,
	TRACE_VERSION = 1,
	TRACE_IMAGES = 1 << 14,
	TRACE_MODULES = 1 << 14,
	TRACE_RECORDS = 1 << 15,
	TRACE_SLOTS = 1 << 17, /* of records and of strings */
	TRACE_TEXT = 1 << 22,
	TRACE_WATCHED = 16,  /* directories */
	TRACE_DIR = 256,     /* bytes of the name of one */
	TRACE_STRING = 1024, /* the longest string that is kept */
	TRACE_BUILD_ID = 20,
	/*
	 * The number of paths recorded from one place in the code; after that only their
	 * shapes are.
	 */
	TRACE_PATHS = 64,
};

/* The type of a file, or that there is none. */
enum trace_type {
	TRACE_UNKNOWN,
	TRACE_ABSENT,
	TRACE_FILE,
	TRACE_DIRECTORY,
	TRACE_LINK,
	TRACE_FIFO,
	TRACE_SOCKET,
	TRACE_OTHER,
};

/* Who can change where a path leads. */
enum trace_place {
	PLACE_ELSEWHERE, /* not in a watched directory */
	PLACE_SHARED,	 /* others can make files there */
	PLACE_OPEN,	 /* others can also remove our files */
	PLACE_FOREIGN,	 /* the directory is another user's */
	PLACE_PRIVATE,	 /* only we and root can change it */
	PLACE_CLOSED,	 /* the same, and others cannot search it */
};

/* A text in the file: its offset in the text part, or 0 for none. */
typedef uint32_t trace_string;

struct trace_header {
	uint32_t magic, version;
	uint64_t size;
	/* How many of each were taken. Can be more than exist. */
	uint32_t images, modules, records, text;
	uint64_t sequence;
	uint64_t calls;	      /* in watched directories */
	uint64_t not_counted; /* calls for which there was no room */
	uint32_t watched, ready;
	char watch[TRACE_WATCHED][TRACE_DIR];
};

/* An image: a process between two calls of exec. Index 0 is none. */
struct trace_image {
	uint32_t ready;
	int32_t pid, parent;
	uint32_t uid;
	int64_t start, end; /* nanoseconds since the epoch; end 0: not seen */
	trace_string program, command_line;
	uint32_t modules_of; /* the image that has its modules: itself, or its parent after fork */
	uint32_t forked;
};

struct trace_module {
	uint32_t ready, image;
	uint64_t start, end, offset; /* as in /proc/self/maps */
	uint64_t inode;
	trace_string path;
	uint32_t build_id_len;
	unsigned char build_id[TRACE_BUILD_ID];
	uint32_t reserved;
};

/* A file as statx(2) shows it. */
struct trace_object {
	uint32_t type; /* enum trace_type */
	uint32_t mode, uid, nlink;
	uint64_t ino;
};

enum {
	TRACE_SHAPE = 1,	  /* many paths; .path is the first of them */
	TRACE_BEFORE = 2,	  /* the call does not return, or has not yet */
	TRACE_TEMPLATE = 4,	  /* the path was a template of so many X: .a */
	TRACE_TOLD = 8,		  /* no call: an argument of an executed program */
	TRACE_VARIABLE_TOLD = 16, /* no call: one of its variables */
	TRACE_EXEC = 32,	  /* a program is executed, in any directory */
};

/* Calls with the same process, site, path, arguments and result. */
struct trace_record {
	uint32_t ready, flags;
	uint64_t key;
	uint32_t image, call;
	uint64_t site;
	trace_string path, other; /* the second path, or text */
	uint32_t place, other_place;
	uint32_t a, b; /* flags and mode, or the like */
	int32_t error; /* 0: it succeeded */
	int32_t result;
	uint32_t line;	/* of a script, where the interpreter tells; else 0 */
	uint32_t paths; /* TRACE_SHAPE: how many different ones */
	uint64_t count, first, last; /* numbers of .sequence */
	int64_t time;		     /* of the first, nanoseconds since the epoch */
	struct trace_object before, after, other_before;
};

/* Where the parts are. */
#define TRACE_ALIGNED(n) (((n) + 4095) / 4096 * 4096)
#define TRACE_AT_IMAGES TRACE_ALIGNED(sizeof(struct trace_header))
#define TRACE_AT_MODULES \
	(TRACE_AT_IMAGES + TRACE_ALIGNED(TRACE_IMAGES * sizeof(struct trace_image)))
#define TRACE_AT_RECORDS \
	(TRACE_AT_MODULES + TRACE_ALIGNED(TRACE_MODULES * sizeof(struct trace_module)))
#define TRACE_AT_SLOTS \
	(TRACE_AT_RECORDS + TRACE_ALIGNED(TRACE_RECORDS * sizeof(struct trace_record)))
#define TRACE_AT_TEXT (TRACE_AT_SLOTS + TRACE_ALIGNED(2 * TRACE_SLOTS * sizeof(uint32_t)))
#define TRACE_SIZE (TRACE_AT_TEXT + TRACE_TEXT)

#endif
