/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The differential driver: reads steps ("stat /tmp/f"), makes each call through
 * its ordinary libc name and prints result, errno and every byte handed back.
 * The runner starts it twice, bare and under the shim; the outputs must agree.
 */
#ifndef DIFF_DRIVER_H
#define DIFF_DRIVER_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct stat;

/* errno before each call; still there afterwards means "not touched". */
#define UNTOUCHED 7777

#define MAX_ARGS 24
#define REGISTERS 16

/* Descriptors that the fixture keeps open, and the first one of a step's own. */
#define FIRST_FIXED 20
#define LAST_FIXED 32
#define TABLE_DIRFD 10

struct args {
	int count;
	char *word[MAX_ARGS]; /* undecoded */
};

struct call {
	const char *name;
	void (*run)(const struct args *a);
};

/* clang-format off: a macro that begins with a brace */
#define CALL(name) \
	{ \
#name, c_##name \
	}
#define END_OF_CALLS \
	{ \
		NULL, NULL \
	}
/* clang-format on */

/* One list a family; a call is looked for in all of them. */
extern const struct call calls_open[], calls_meta[], calls_tree[], calls_names[],
	calls_temp[], calls_walk[], calls_exec[], calls_sock[], calls_number[],
	calls_legacy[], calls_misc[], calls_control[];

/* token.c: what the words of a step stand for. */
int split(char *line, struct args *a);
char *path_arg(const struct args *a, int i);
char *text_arg(const struct args *a, int i, size_t *length);
long number_arg(const struct args *a, int i, long fallback);
int fd_arg(const struct args *a, int i);
bool symbol_value(const char *name, size_t length, long *value);
extern long registers[REGISTERS];

#define P(i) path_arg(a, (i))
#define N(i, fallback) number_arg(a, (i), (fallback))
#define FD(i) fd_arg(a, (i))

/* out.c: what is printed, and what is masked. */
void out(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_bytes(const char *bytes, size_t length);
void out_text(const char *text);
void out_result(long result, int error);
void out_pointer(const void *pointer, int error);
void out_stat(const struct stat *st);
void out_fd(int fd);
void out_buffer(const char *buffer, size_t size, long used);
void out_flush(void);
void out_mute(bool mute);
const char *error_name(int error);
long last_result(void);

#define RET(expression) \
	do { \
		errno = UNTOUCHED; \
		long ret_ = (long)(expression); \
		out_result(ret_, errno); \
	} while (0)

/* For functions of the library that leave any errno behind when they succeed. */
#define RET_QUIET(expression) \
	do { \
		errno = UNTOUCHED; \
		long ret_ = (long)(expression); \
		out_result(ret_, ret_ == -1 ? errno : UNTOUCHED); \
	} while (0)

#define RET_POINTER(variable, expression) \
	do { \
		errno = UNTOUCHED; \
		(variable) = (expression); \
		out_pointer((variable), errno); \
	} while (0)

#define RET_FD(expression) \
	do { \
		RET(expression); \
		if (last_result() >= 0) \
			out_fd((int)last_result()); \
	} while (0)

/* A step that blocks must not hang the test. */
#ifndef STEP_SECONDS
#define STEP_SECONDS 20
#endif

/*
 * apart.c: how many words at AT say that a step is taken elsewhere, 0 if none does; and
 * takes it so.
 */
int apart_words(const struct args *a, int at);
void apart_run(const struct args *a, int at, const struct call *call,
	       const struct args *rest);

/* Buffers are filled with this first, so that a byte too many is seen. */
#define FILL 0x5a

/* fixture.c: the tree that every table row starts from. */
void fixture_build(void);
bool fixture_is_plain(void);
void fixture_remember(void);
void fixture_check(bool rebuild);
void fixture_dump(void);
void fixture_close(void);
const char *inode_name(dev_t dev, ino_t ino);
const char *device_name(dev_t dev);

/* calls_tree.c: refusals to remove a guarded directory, by any call. */
bool is_fixed(int dirfd, const char *path);
int refusal(int error);

/* lines.c: those of FILE that are neither empty nor begin with "#". */
struct lines {
	char **line;
	size_t count;
};
struct lines read_lines(const char *file);

/* table.c, random.c, driver.c */
int table_run(const char *shapes, const char *templates, const char *only, size_t sample);
int random_run(const char *templates, unsigned long seed, long steps, long block);
void step_run(char *line);
const struct call *call_find(const char *name);

#endif
