/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One-line reports; see report.h. strerror(3) would allocate and translate. */
#include "core/report.h"
#include "core/character.h"
#include "core/layout.h"
#include "core/report_log.h"
#include "core/signals.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define HEAD "privtmp: "

enum { LINE = 512, NULL_MAJOR = 1, NULL_MINOR = 3 };

/* Arrays of text: pointers would be relocated at each start. */
static const struct {
	unsigned short error;
	char text[36];
} errors[] = {
	{ E2BIG, "Argument list too long" },
	{ EACCES, "Permission denied" },
	{ EAGAIN, "Resource temporarily unavailable" },
	{ EBADF, "Bad file descriptor" },
	{ EBADMSG, "Not a lease" },
	{ EBUSY, "Device or resource busy" },
	{ ECANCELED, "Operation canceled" },
	{ ECONNABORTED, "Software caused connection abort" },
	{ ECONNREFUSED, "Connection refused" },
	{ ECONNRESET, "Connection reset by peer" },
	{ EDEADLK, "Resource deadlock avoided" },
	{ EDQUOT, "Disk quota exceeded" },
	{ EEXIST, "File exists" },
	{ EFAULT, "Bad address" },
	{ EFBIG, "File too large" },
	{ EHOSTDOWN, "Host is down" },
	{ EHOSTUNREACH, "No route to host" },
	{ EHWPOISON, "Memory page has hardware error" },
	{ EILSEQ, "Invalid byte sequence" },
	{ EINTR, "Interrupted" },
	{ EINVAL, "Invalid argument" },
	{ EIO, "Input/output error" },
	{ EISDIR, "Is a directory" },
	{ EKEYEXPIRED, "Key has expired" },
	{ EKEYREJECTED, "Key was rejected by service" },
	{ EKEYREVOKED, "Key has been revoked" },
	{ ELOOP, "Too many levels of symbolic links" },
	{ EMFILE, "Too many open files" },
	{ EMLINK, "Too many links" },
	{ ENAMETOOLONG, "File name too long" },
	{ ENETDOWN, "Network is down" },
	{ ENETUNREACH, "Network is unreachable" },
	{ ENFILE, "Too many open files in system" },
	{ ENOBUFS, "No buffer space available" },
	{ ENODATA, "No data available" },
	{ ENODEV, "No such device" },
	{ ENOENT, "No such file or directory" },
	{ ENOEXEC, "Exec format error" },
	{ ENOKEY, "Required key not available" },
	{ ENOLCK, "No locks available" },
	{ ENOLINK, "Link has been severed" },
	{ ENOMEDIUM, "No medium found" },
	{ ENOMEM, "Cannot allocate memory" },
	{ ENOSPC, "No space left on device" },
	{ ENOSYS, "Function not implemented" },
	{ ENOTCONN, "Transport endpoint is not connected" },
	{ ENOTDIR, "Not a directory" },
	{ ENOTEMPTY, "Directory not empty" },
	{ ENXIO, "No such device or address" },
	{ EOPNOTSUPP, "Operation not supported" },
	{ EOVERFLOW, "Value too large" },
	{ EPERM, "Operation not permitted" },
	{ EPIPE, "Broken pipe" },
	{ EPROTO, "Protocol error" },
	{ ERANGE, "Result too large" },
	{ EREMOTEIO, "Remote I/O error" },
	{ EROFS, "Read-only file system" },
	{ ESHUTDOWN, "The file system is shut down" },
	{ ESRCH, "No such process" },
	{ ESTALE, "Gone" },
	{ ETIMEDOUT, "Timed out" },
	{ ETXTBSY, "Text file busy" },
	{ EUCLEAN, "The file system is damaged" },
	{ EXDEV, "Invalid cross-device link" },
};

/* In English whatever the locale, and without libc's lock; never NULL. */
static const char *errno_text(int error)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].error == error)
			return errors[i].text;
	return "Unexpected error";
}

/*
 * Writes TEXT to LINE, from AT up to END and no further; with LINE NULL only counts. Returns
 * where it ends. A path with a line break must not forge a second line, nor one hide what
 * it is.
 */
static size_t put_text(char *line, size_t at, size_t end, const char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	size_t left = strlen(text);

	while (left) {
		char escape[CHARACTER_ESCAPE];
		unsigned code;
		size_t n = character_take(from, left, &code), len = n;
		const bool hidden = !n || character_is_hidden(code);

		if (hidden)
			len = character_escape(code, n <= 1, escape);
		n += !n;
		if (len > end - at)
			break;
		if (line)
			memcpy(line + at, hidden ? escape : (const char *)from, len);
		at += len;
		from += n;
		left -= n;
	}
	return at;
}

/* The same for a name, which can be of any length: where it is cut, that is to be seen. */
static size_t put_name(char *line, size_t at, size_t end, const char *name)
{
	if (put_text(NULL, at, SIZE_MAX, name) <= end)
		return put_text(line, at, end, name);
	return put_text(line, put_text(line, at, end - 3, name), end, "...");
}

/* The cause and the remedy, of which nothing is cut. */
static size_t put_rest(char *line, size_t at, size_t end, int error, const char *remedy)
{
	if (error) {
		char number[SYS_DECIMAL];

		at = put_text(line, at, end, ": ");
		at = put_text(line, at, end, errno_text(error));
		at = put_text(line, at, end, " (");
		sys_decimal((unsigned long)error, number);
		at = put_text(line, at, end, number);
		at = put_text(line, at, end, ")");
	}
	if (remedy) {
		at = put_text(line, at, end, "; ");
		at = put_text(line, at, end, remedy);
	}
	return at;
}

static enum report_to report_to EACH_START;

void report_use(enum report_to to)
{
	report_to = to;
}

/* Whether what is written to standard error is lost, as daemons have it. */
static bool is_lost(void)
{
	struct statx st;

	return sys_statx(2, "", AT_EMPTY_PATH, &st) < 0 ||
	       (S_ISCHR(st.stx_mode) && st.stx_rdev_major == NULL_MAJOR &&
		st.stx_rdev_minor == NULL_MINOR);
}

/*
 * Writes to standard error. The program must not die of that, where nobody reads it any more
 * or the program may not make a file that long.
 */
static bool write_error(const char *line, size_t len)
{
	const struct signals both = signals_of(SIGPIPE, SIGXFSZ);
	struct signals before;
	ssize_t n;

	signals_block(&both, &before);
	n = sys_write(2, line, len);
	if (n == -EPIPE || n == -EFBIG)
		signals_drop(n == -EPIPE ? SIGPIPE : SIGXFSZ);
	signals_restore(&before);
	return n >= 0;
}

/* LINE has room for its end. */
static void write_line(char *line, size_t len, int error)
{
	const size_t head = sizeof HEAD - 1;
	const bool log = report_to == REPORT_JOURNAL || report_to == REPORT_SYSLOG;

	if (log &&
	    report_log(line + head, len - head, error, report_to == REPORT_JOURNAL))
		return;
	line[len] = '\n';
	if ((!write_error(line, len + 1) || is_lost()) && report_to == REPORT_AUTO)
		report_log(line + head, len - head, error, true);
}

void report(const char *path, const char *what, int error, const char *remedy)
{
	char line[LINE];
	const size_t rest = put_rest(NULL, 0, SIZE_MAX, error, remedy);
	/* Of a remedy as long as that there would be no line. */
	const size_t end = LINE - 1 - (rest < LINE / 2 ? rest : LINE / 2);
	size_t at = put_text(line, 0, end, HEAD);

	if (path) {
		/* WHAT can be the longer of the two: a setting's value. */
		size_t room = put_text(NULL, 2, SIZE_MAX, what);

		room = room < end / 2 ? room : end / 2;
		at = put_name(line, at, end - room, *path ? path : "''");
		at = put_text(line, at, end, ": ");
	}
	at = put_name(line, at, end, what);
	at = put_rest(line, at, LINE - 1, error, remedy);
	write_line(line, at, error);
}
