/** Invented people: given and family names are put together at random, whoever they are. */
export const GIVEN_NAMES: readonly string[] = [
  'Ada', 'Ahmed', 'Amina', 'Ana', 'Anton', 'Asha', 'Beatriz', 'Ben', 'Carla', 'Cem', 'Chloe', 'Dana', 'David', 'Elif', 'Emma', 'Eva', 'Farid', 'Fatima', 'Felix',
  'Grace', 'Hana', 'Hugo', 'Ibrahim', 'Ines', 'Ivan', 'Jack', 'Jana', 'Joao', 'Karim', 'Klara', 'Lan', 'Lea', 'Leon', 'Linh', 'Lucas', 'Maria', 'Mehmet', 'Mia',
  'Minh', 'Nadia', 'Noah', 'Nora', 'Olga', 'Omar', 'Paul', 'Priya', 'Rosa', 'Samir', 'Sara', 'Sofia', 'Tariq', 'Tom', 'Vera', 'Yusuf', 'Zoe',
];
export const FAMILY_NAMES: readonly string[] = [
  'Aydin', 'Bailey', 'Bauer', 'Bernard', 'Brown', 'Castillo', 'Cruz', 'Demir', 'Dubois', 'Evans', 'Fischer', 'Fontaine', 'Garcia', 'Green', 'Haddad', 'Hassan',
  'Hughes', 'Ivanova', 'Jansen', 'Johnson', 'Kaya', 'Keller', 'Khan', 'Klein', 'Laurent', 'Lopez', 'Martin', 'Meyer', 'Moreau', 'Nguyen', 'Novak', 'Okafor',
  'Patel', 'Petit', 'Popescu', 'Ramirez', 'Reid', 'Roy', 'Santos', 'Schmidt', 'Sharma', 'Silva', 'Smith', 'Tran', 'Turner', 'Vogel', 'Walker', 'Weber', 'Wilson', 'Yilmaz',
];
export const OCCUPATIONS: readonly string[] = [
  'driver', 'nurse', 'teacher', 'cook', 'cleaner', 'builder', 'office clerk', 'software developer', 'shop assistant', 'warehouse worker', 'electrician',
  'student', 'carer', 'farm worker', 'hairdresser', 'mechanic', 'accountant', 'waiter', 'retired', 'self-employed',
];

export interface Trade {
  readonly mcc: string;
  readonly word: string;
  /** Ordinary price in hundredths of a US dollar, from and to. */
  readonly centsUsd: readonly [number, number];
}

export const TRADES: readonly Trade[] = [
  { mcc: '5411', word: 'Grocers', centsUsd: [400, 9_500] }, { mcc: '5812', word: 'Kitchen', centsUsd: [900, 8_000] }, { mcc: '5814', word: 'Snacks', centsUsd: [300, 2_200] },
  { mcc: '5541', word: 'Fuel', centsUsd: [2_000, 9_000] }, { mcc: '5912', word: 'Pharmacy', centsUsd: [400, 4_500] }, { mcc: '5651', word: 'Clothing', centsUsd: [1_500, 14_000] },
  { mcc: '4111', word: 'Transit', centsUsd: [200, 4_000] }, { mcc: '5732', word: 'Electronics', centsUsd: [2_000, 70_000] }, { mcc: '7230', word: 'Barbers', centsUsd: [1_200, 5_000] },
  { mcc: '5251', word: 'Hardware', centsUsd: [800, 16_000] }, { mcc: '4722', word: 'Travel', centsUsd: [9_000, 120_000] }, { mcc: '7011', word: 'Hotel', centsUsd: [6_000, 40_000] },
];
