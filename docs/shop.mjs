// Prints SQL for a music shop's database in the shape of Chinook (11 tables, the same names and keys), for the tour when the real one is
// not there. The rows are counted out, not random, so that every run makes the same file.
const q = s => `'${String(s).replaceAll("'", "''")}'`;
const out = ['PRAGMA foreign_keys=OFF;', 'BEGIN;'];
const table = (name, columns, rows) => {
  out.push(`CREATE TABLE [${name}] (${columns});`);
  for (const row of rows) out.push(`INSERT INTO [${name}] VALUES (${row.join(',')});`);
};
const range = (n, f) => Array.from({ length: n }, (_, i) => f(i + 1));
const [artists, albums, tracks, customers, invoices] = [275, 347, 3503, 59, 412];

table('Artist', '[ArtistId] INTEGER NOT NULL PRIMARY KEY, [Name] NVARCHAR(120)', range(artists, i => [i, q(`Artist ${i}`)]));
table('Album', '[AlbumId] INTEGER NOT NULL PRIMARY KEY, [Title] NVARCHAR(160) NOT NULL, [ArtistId] INTEGER NOT NULL REFERENCES [Artist]([ArtistId])',
  range(albums, i => [i, q(`Album ${i}`), i % artists + 1]));
table('Genre', '[GenreId] INTEGER NOT NULL PRIMARY KEY, [Name] NVARCHAR(120)', range(25, i => [i, q(`Genre ${i}`)]));
table('MediaType', '[MediaTypeId] INTEGER NOT NULL PRIMARY KEY, [Name] NVARCHAR(120)', range(5, i => [i, q(`Medium ${i}`)]));
table('Track', '[TrackId] INTEGER NOT NULL PRIMARY KEY, [Name] NVARCHAR(200) NOT NULL, [AlbumId] INTEGER REFERENCES [Album]([AlbumId]), [MediaTypeId] INTEGER NOT NULL REFERENCES [MediaType]([MediaTypeId]), [GenreId] INTEGER REFERENCES [Genre]([GenreId]), [Composer] NVARCHAR(220), [Milliseconds] INTEGER NOT NULL, [Bytes] INTEGER, [UnitPrice] NUMERIC(10,2) NOT NULL',
  range(tracks, i => [i, q(`Track ${i}`), i % albums + 1, i % 5 + 1, i % 25 + 1, i % 3 ? q(`Composer ${i % 90}`) : 'NULL', 100000 + i * 37, 5000000 + i, i % 20 ? 0.99 : 1.99]));
table('Employee', '[EmployeeId] INTEGER NOT NULL PRIMARY KEY, [LastName] NVARCHAR(20) NOT NULL, [FirstName] NVARCHAR(20) NOT NULL, [ReportsTo] INTEGER REFERENCES [Employee]([EmployeeId]), [Address] NVARCHAR(70)',
  range(8, i => [i, q(`Last ${i}`), q(`First ${i}`), i === 1 ? 'NULL' : Math.max(1, i >> 1), q(`Street ${i}`)]));
table('Customer', '[CustomerId] INTEGER NOT NULL PRIMARY KEY, [FirstName] NVARCHAR(40) NOT NULL, [LastName] NVARCHAR(20) NOT NULL, [Phone] NVARCHAR(24), [Email] NVARCHAR(60) NOT NULL, [SupportRepId] INTEGER REFERENCES [Employee]([EmployeeId])',
  range(customers, i => [i, q(`First ${i}`), q(`Last ${i}`), q(`+1 555 ${1000 + i}`), q(`c${i}@example.org`), i % 8 + 1]));
table('Invoice', '[InvoiceId] INTEGER NOT NULL PRIMARY KEY, [CustomerId] INTEGER NOT NULL REFERENCES [Customer]([CustomerId]), [InvoiceDate] DATETIME NOT NULL, [Total] NUMERIC(10,2) NOT NULL',
  range(invoices, i => [i, i % customers + 1, q(`2021-01-${String(i % 28 + 1).padStart(2, '0')} 00:00:00`), (i % 17 + 0.98).toFixed(2)]));
table('InvoiceLine', '[InvoiceLineId] INTEGER NOT NULL PRIMARY KEY, [InvoiceId] INTEGER NOT NULL REFERENCES [Invoice]([InvoiceId]), [TrackId] INTEGER NOT NULL REFERENCES [Track]([TrackId]), [UnitPrice] NUMERIC(10,2) NOT NULL, [Quantity] INTEGER NOT NULL',
  range(2240, i => [i, i % invoices + 1, i % tracks + 1, 0.99, 1]));
table('Playlist', '[PlaylistId] INTEGER NOT NULL PRIMARY KEY, [Name] NVARCHAR(120)', range(18, i => [i, q(`Playlist ${i}`)]));
table('PlaylistTrack', '[PlaylistId] INTEGER NOT NULL REFERENCES [Playlist]([PlaylistId]), [TrackId] INTEGER NOT NULL REFERENCES [Track]([TrackId]), CONSTRAINT [PK_PlaylistTrack] PRIMARY KEY ([PlaylistId], [TrackId])',
  range(18, p => range(484, t => [p, (t * 7 + p) % tracks + 1])).flat());
out.push('CREATE INDEX [IFK_AlbumArtistId] ON [Album] ([ArtistId]);', 'COMMIT;');
console.log(out.join('\n'));
