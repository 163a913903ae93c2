/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * snprintf(3), as far as a program that starts without a libc (start.c) needs it: %s, %.*s, %d,
 * %u and %o, with l and ll. What else a format has ends the program.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The bytes that come to be written: AT is where the next one goes, as far as there is room. */
struct out {
	char *to;
	size_t size, at;
};

static void put(struct out *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++, out->at++)
		if (out->at + 1 < out->size)
			out->to[out->at] = text[i];
}

static void put_number(struct out *out, unsigned long long n, unsigned base)
{
	char digits[24];
	size_t first = sizeof digits;

	do
		digits[--first] = (char)('0' + n % base);
	while (n /= base);
	put(out, digits + first, sizeof digits - first);
}

/* A number of an argument's width, where that is LONGS "l"s more than an int. */
static unsigned long long number(va_list *args, unsigned longs, bool is_signed)
{
	if (longs)
		return va_arg(*args, unsigned long long); /* of the size of a long */
	return is_signed ? (unsigned long long)va_arg(*args, int) :
			   va_arg(*args, unsigned);
}

/* Writes what the conversion at FORMAT says, behind its "%". Returns what is behind it. */
static const char *convert(struct out *out, const char *format, va_list *args)
{
	size_t most = SIZE_MAX, len = 0;
	unsigned longs = 0;
	unsigned long long n;
	const char *text;

	if (format[0] == '.' && format[1] == '*') {
		most = (size_t)va_arg(*args, int);
		format += 2;
	}
	for (; *format == 'l'; format++)
		longs++;
	switch (*format) {
	case 's':
		text = va_arg(*args, const char *);
		while (len < most && text[len])
			len++;
		put(out, text, len);
		break;
	case 'd':
		n = number(args, longs, true);
		if ((long long)n < 0) {
			put(out, "-", 1);
			n = -n;
		}
		put_number(out, n, 10);
		break;
	case 'u': put_number(out, number(args, longs, false), 10); break;
	case 'o': put_number(out, number(args, longs, false), 8); break;
	default: __builtin_trap();
	}
	return format + 1;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
	struct out out = { to, size, 0 };
	va_list args;

	va_start(args, format);
	while (*format) {
		const size_t plain = strcspn(format, "%");

		put(&out, format, plain);
		format += plain;
		if (*format)
			format = convert(&out, format + 1, &args);
	}
	va_end(args);
	if (size)
		to[out.at < size ? out.at : size - 1] = '\0';
	return (int)out.at;
}
