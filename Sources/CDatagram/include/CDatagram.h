/* Reading many datagrams with one system call. Swift cannot use recvmmsg's control messages without pointer
 * arithmetic on C macros (CMSG_NXTHDR), so this much is C. Linux only. */
#ifndef WPLOG_CDATAGRAM_H
#define WPLOG_CDATAGRAM_H

#include <stdint.h>

/* An open, bound, non-blocking socket, and the event that ends a wait for it. */
struct wplog_datagram_socket {
    int descriptor;
    int wake;
    uint16_t port;      /* in host order */
    int receive_buffer; /* bytes that the kernel grants */
};

/* One datagram, until the next receive. The address is IPv6, or IPv4 as ::ffff:a.b.c.d; both halves are in
 * host order. */
struct wplog_datagram {
    const uint8_t *bytes;
    uint32_t length;
    uint64_t address_high;
    uint64_t address_low;
};

struct wplog_datagram_ring;

/* Binds to a numeric address. Returns 0, or an errno, or -1 where the address is not numeric. */
int wplog_datagram_open(const char *address, uint16_t port, int receive_buffer,
                        struct wplog_datagram_socket *out);
void wplog_datagram_close(struct wplog_datagram_socket socket);

/* Waits for a datagram, for the wake event, or until the time is over. Milliseconds; -1: no limit. */
void wplog_datagram_wait(struct wplog_datagram_socket socket, int milliseconds);
/* Ends every wait from now on. From any thread. */
void wplog_datagram_wake(struct wplog_datagram_socket socket);

/* Room for `count` datagrams of any size. NULL where there is no memory. Pages that no datagram reached cost
 * nothing. */
struct wplog_datagram_ring *wplog_datagram_ring_create(int count);
void wplog_datagram_ring_destroy(struct wplog_datagram_ring *ring);

/* Reads what is there without waiting. Returns the number of datagrams, 0 for none, or a negated errno. */
int wplog_datagram_receive(struct wplog_datagram_ring *ring, struct wplog_datagram_socket socket);
/* The datagram at `index`, below what the last receive returned. */
struct wplog_datagram wplog_datagram_at(const struct wplog_datagram_ring *ring, int index);
/* The kernel's drop counter as the last datagram carried it (SO_RXQ_OVFL). Wraps at 2^32. */
uint32_t wplog_datagram_ring_drops(const struct wplog_datagram_ring *ring);
/* The same counter now (SO_MEMINFO), so that drops behind the last datagram are known. 0 where it cannot be
 * read. */
uint32_t wplog_datagram_socket_drops(struct wplog_datagram_socket socket);

/* Writes the address as text, with a final NUL, into 46 bytes. */
void wplog_datagram_address_text(uint64_t high, uint64_t low, char *text);

#endif
