/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a step prints. Inode numbers are replaced by the fixture name they
 * belong to, devices by the mount's name, and recent times by "now": two runs
 * cannot agree on those. Everything else is printed as it came.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static char buffer_[1 << 16];
static size_t filled;
static bool muted;
static long result_;

void out_mute(bool mute)
{
	muted = mute;
}

void out_flush(void)
{
	size_t done = 0;
	while (done < filled) {
		ssize_t n = write(STDOUT_FILENO, buffer_ + done, filled - done);
		if (n < 0 && errno != EINTR)
			exit(4);
		if (n > 0)
			done += (size_t)n;
	}
	filled = 0;
}

static void out_raw(const char *bytes, size_t length)
{
	if (muted)
		return;
	while (length > 0) {
		if (filled == sizeof buffer_)
			out_flush();
		size_t n = sizeof buffer_ - filled;
		if (n > length)
			n = length;
		memcpy(buffer_ + filled, bytes, n);
		filled += n;
		bytes += n;
		length -= n;
	}
}

void out(const char *format, ...)
{
	char line[8192];
	va_list list;
	va_start(list, format);
	int n = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	if (n > (int)sizeof line - 1)
		n = (int)sizeof line - 1;
	out_raw(line, (size_t)n);
}

/* Escaped; runs of one byte are shortened, so that long paths stay readable. */
void out_bytes(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t run = 1;
		while (i + run < length && bytes[i + run] == bytes[i])
			run++;
		unsigned char c = (unsigned char)bytes[i];
		char one[8];
		snprintf(one, sizeof one,
			 c <= ' ' || c >= 127 || c == '\\' ? "\\x%02x" : "%c", c);
		if (run > 16)
			out("{%s*%zu}", one, run);
		else
			for (size_t k = 0; k < run; k++)
				out("%s", one);
		i += run;
	}
}

void out_text(const char *text)
{
	out(" \"");
	if (text)
		out_bytes(text, strlen(text));
	out("\"");
}

/* A result buffer of which "used" bytes count: those, and whether more were touched. */
void out_buffer(const char *buffer, size_t size, long used)
{
	out(" \"");
	if (used > 0)
		out_bytes(buffer, (size_t)used);
	out("\"");
	for (size_t i = used > 0 ? (size_t)used : 0; i < size; i++)
		if (buffer[i] != FILL) {
			out(" touched+%zu=%02x", i, (unsigned char)buffer[i]);
			return;
		}
}

const char *error_name(int error)
{
	static const struct {
		int value;
		const char *name;
	} names[] = {
#define E(name) { name, #name }
		E(EPERM),	 E(ENOENT),	  E(ESRCH),	 E(EINTR),
		E(EIO),		 E(ENXIO),	  E(E2BIG),	 E(ENOEXEC),
		E(EBADF),	 E(ECHILD),	  E(EAGAIN),	 E(ENOMEM),
		E(EACCES),	 E(EFAULT),	  E(ENOTBLK),	 E(EBUSY),
		E(EEXIST),	 E(EXDEV),	  E(ENODEV),	 E(ENOTDIR),
		E(EISDIR),	 E(EINVAL),	  E(ENFILE),	 E(EMFILE),
		E(ENOTTY),	 E(ETXTBSY),	  E(EFBIG),	 E(ENOSPC),
		E(ESPIPE),	 E(EROFS),	  E(EMLINK),	 E(EPIPE),
		E(ERANGE),	 E(ENAMETOOLONG), E(ENOSYS),	 E(ENOTEMPTY),
		E(ELOOP),	 E(ENODATA),	  E(EOPNOTSUPP), E(EADDRINUSE),
		E(ECONNREFUSED), E(EISCONN),	  E(ENOTCONN),	 E(EPROTOTYPE),
		E(EAFNOSUPPORT), E(EDESTADDRREQ), E(ENOTSOCK),	 E(EOVERFLOW),
		E(ESTALE),	 E(EMSGSIZE),	  E(ECONNRESET),
#undef E
	};
	static char number[16];
	if (error == UNTOUCHED)
		return "-";
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].value == error)
			return names[i].name;
	snprintf(number, sizeof number, "%d", error);
	return number;
}

void out_result(long result, int error)
{
	result_ = result;
	out(" => %ld %s", result, error_name(error));
}

/* Library functions that succeed may leave any errno behind; system calls do not. */
void out_pointer(const void *pointer, int error)
{
	result_ = pointer != NULL;
	out(" => %s", pointer ? "pointer" : error_name(error));
}

long last_result(void)
{
	return result_;
}

static void out_time(const char *label, long seconds)
{
	/* Only times set on purpose are older than the test itself. */
	if (seconds < 1000000000)
		out(" %s=%ld", label, seconds);
}

void out_stat(const struct stat *st)
{
	out(" mode=%o nlink=%lu uid=%u gid=%u size=%lld dev=%s ino=%s", st->st_mode,
	    (unsigned long)st->st_nlink, st->st_uid, st->st_gid, (long long)st->st_size,
	    device_name(st->st_dev), inode_name(st->st_dev, st->st_ino));
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		out(" rdev=%u:%u", major(st->st_rdev), minor(st->st_rdev));
	out_time("atime", (long)st->st_atime);
	out_time("mtime", (long)st->st_mtime);
}

void out_fd(int fd)
{
	struct stat st;
	out(" fl=%o fd=%d", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	if (fstat(fd, &st) == 0)
		out_stat(&st);
}
